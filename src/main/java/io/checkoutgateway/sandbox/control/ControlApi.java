package io.checkoutgateway.sandbox.control;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Answers {@code /_sandbox}. It has no password, so it listens to this machine only, and to no web page of another
 * origin that a browser on this machine happens to show.
 */
public final class ControlApi {
    private static final String ROOT = "/_sandbox";

    private final List<Command> commands;
    private final boolean remote;

    /**
     * A control.
     *
     * @param remote whether other machines may use it, too
     */
    public ControlApi(List<Command> commands, boolean remote) {
        this.commands = List.copyOf(commands);
        this.remote = remote;
    }

    public boolean owns(String path) {
        return path.equals(ROOT) || path.startsWith(ROOT + "/");
    }

    /** Answers one request whose body has arrived. */
    public void handle(HttpServerRequest request, Buffer body) {
        if (!isAllowed(request)) {
            answer(request, 403, error("the sandbox is controlled from the machine it runs on"));
            return;
        }
        if (request.path().equals(ROOT)) {
            answer(request, 200, index());
            return;
        }
        for (Command command : commands) {
            Optional<List<String>> variables = command.path().match(request.path());
            if (variables.isPresent()
                    && command.method().equals(request.method().name())) {
                run(command, variables.get(), body)
                        .onSuccess(json -> answer(request, 200, json))
                        .onFailure(failure -> refuse(request, failure));
                return;
            }
        }
        answer(request, 404, error("unknown; GET " + ROOT + " lists what there is"));
    }

    private static Future<JsonObject> run(Command command, List<String> variables, Buffer body) {
        return Future.succeededFuture(body)
                .map(sent -> sent.length() == 0 ? new JsonObject() : sent.toJsonObject())
                .compose(json -> command.work().apply(variables, json));
    }

    private boolean isAllowed(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        boolean foreign = origin != null && !isLocal(URI.create(origin).getHost());
        return !foreign
                && (remote
                        || (isLocal(request.remoteAddress().hostAddress())
                                && isLocal(request.authority().host())));
    }

    /** Also looks at the name that was asked for: a name that resolves here may still be another's. */
    private static boolean isLocal(String host) {
        try {
            return host != null
                    && (host.equals("localhost")
                            || (host.matches("[0-9a-fA-F:.\\[\\]]+")
                                    && InetAddress.getByName(host).isLoopbackAddress()));
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    private JsonObject index() {
        JsonArray list = new JsonArray();
        commands.forEach(command -> list.add(new JsonObject()
                .put("method", command.method())
                .put("path", command.path().toString())
                .put("about", command.about())));
        return new JsonObject().put("commands", list);
    }

    private static void refuse(HttpServerRequest request, Throwable failure) {
        if (failure instanceof NoSuchElementException) {
            answer(request, 404, error(String.valueOf(failure.getMessage())));
        } else if (failure instanceof IllegalArgumentException
                || failure instanceof IllegalStateException
                || failure instanceof ClassCastException
                || failure instanceof DateTimeException
                || failure instanceof DecodeException) {
            answer(request, 400, error(String.valueOf(failure.getMessage())));
        } else {
            answer(request, 500, error(failure.toString()));
        }
    }

    private static JsonObject error(String message) {
        return new JsonObject().put("error", message);
    }

    private static void answer(HttpServerRequest request, int status, JsonObject json) {
        if (!request.response().closed()) {
            request.response()
                    .setStatusCode(status)
                    .putHeader("Content-Type", "application/json")
                    .end(json.encodePrettily());
        }
    }
}
