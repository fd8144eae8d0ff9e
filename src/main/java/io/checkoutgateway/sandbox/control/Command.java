package io.checkoutgateway.sandbox.control;

import io.checkoutgateway.sandbox.http.PathTemplate;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.BiFunction;

/**
 * One thing an operator can do.
 *
 * @param about one sentence for the index
 * @param work from the path's variables and the JSON body to the answer
 */
record Command(
        String method, PathTemplate path, String about, BiFunction<List<String>, JsonObject, Future<JsonObject>> work) {

    /** A command that is done at once. */
    static Command of(String method, String path, String about, BiFunction<List<String>, JsonObject, JsonObject> work) {
        return later(method, path, about, (variables, body) -> Future.succeededFuture(work.apply(variables, body)));
    }

    /** A command whose answer takes a while. */
    static Command later(
            String method, String path, String about, BiFunction<List<String>, JsonObject, Future<JsonObject>> work) {
        return new Command(method, new PathTemplate("/_sandbox" + path), about, work);
    }
}
