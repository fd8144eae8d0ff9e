package io.checkoutgateway.testing;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Somebody's webhook endpoint: keeps what it gets, answers what it is told to, and checks signatures when asked. */
public final class StandardReceiver implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private volatile Consumer<HttpServerRequest> answer =
            request -> request.response().end();

    public StandardReceiver() {
        server = TestGateway.await(vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    received.add(new Received(
                            request.path(),
                            request.headers().entries().stream()
                                    .collect(Collectors.toMap(
                                            header -> header.getKey().toLowerCase(Locale.ROOT), Map.Entry::getValue)),
                            body.toString()));
                    answer.accept(request);
                }))
                .listen(0, "127.0.0.1"));
    }

    /** A request as it came. */
    public record Received(String path, Map<String, String> headers, String body) {
        public String id() {
            return header("webhook-id");
        }

        public String header(String name) {
            return headers.getOrDefault(name, "");
        }

        public JsonObject json() {
            return new JsonObject(body);
        }

        /** Whether the message is the sender's own, as the library of Standard Webhooks sees it. */
        public boolean verifies(String secret) {
            return verifies(secret, body);
        }

        /** Whether this would be the message's body. */
        public boolean verifies(String secret, String otherBody) {
            Map<String, List<String>> lists = headers.entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, e -> List.of(e.getValue())));
            try {
                new Webhook(secret).verify(otherBody, lists);
                return true;
            } catch (WebhookVerificationException e) {
                return false;
            } catch (EmptyWebhookSecretException e) {
                throw new IllegalArgumentException(e);
            }
        }
    }

    /** Where it listens. */
    public String url() {
        return "http://127.0.0.1:" + server.actualPort() + "/hooks";
    }

    public void answersWith(int status) {
        answers(request -> request.response().setStatusCode(status).end());
    }

    public void answers(Consumer<HttpServerRequest> how) {
        answer = how;
    }

    /** Takes requests and never answers them. */
    public void staysSilent() {
        answers(request -> {});
    }

    /** Everything that came, in order. */
    public List<Received> received() {
        return List.copyOf(received);
    }

    /** The ids of the messages that came, in order. */
    public List<String> ids() {
        return received.stream().map(Received::id).toList();
    }

    @Override
    public void close() {
        TestGateway.await(vertx.close());
    }
}
