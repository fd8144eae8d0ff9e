package io.checkoutgateway.sandbox;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Somebody else's webhook endpoint: keeps what it gets and answers what it is told to. */
final class WebhookReceiver {
    record Received(String body, String signature) {
        String type() {
            return new JsonObject(body).getString("type");
        }

        JsonObject json() {
            return new JsonObject(body);
        }
    }

    final List<Received> received = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private volatile Consumer<HttpServerRequest> answer =
            request -> request.response().end();

    WebhookReceiver(Vertx vertx) {
        server = SandboxFixture.await(vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    received.add(new Received(body.toString(), request.getHeader("Stripe-Signature")));
                    answer.accept(request);
                }))
                .listen(0, "127.0.0.1"));
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.actualPort() + "/webhook");
    }

    void answersWith(int status) {
        answer = request -> request.response().setStatusCode(status).end();
    }

    void answers(Consumer<HttpServerRequest> how) {
        answer = how;
    }

    List<String> types() {
        return received.stream().map(Received::type).toList();
    }
}
