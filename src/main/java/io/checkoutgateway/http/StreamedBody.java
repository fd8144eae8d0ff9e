package io.checkoutgateway.http;

import io.vertx.core.http.HttpServerResponse;

/** A body that is written bit by bit, for as long as its reader stays. Both methods run on the request's event loop. */
public interface StreamedBody {
    /** Begins to write; status and headers are set. Called at most once. */
    void start(HttpServerResponse response);

    /** The answer is over, whoever ended it, or it could not be begun. Called once. */
    void ended();
}
