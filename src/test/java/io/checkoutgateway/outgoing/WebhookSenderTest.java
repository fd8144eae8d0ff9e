package io.checkoutgateway.outgoing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.outgoing.Attempt.Result;
import io.checkoutgateway.settings.Network;
import io.checkoutgateway.settings.Secret;
import io.checkoutgateway.testing.FreePorts;
import io.checkoutgateway.testing.Patience;
import io.checkoutgateway.testing.StandardReceiver;
import io.checkoutgateway.testing.TestCertificate;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One message sent once, to servers of the test's own and with a name service of the test's own. */
class WebhookSenderTest {
    private static final Network THIS_MACHINE = Network.of("127.0.0.0/8").orElseThrow();
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final Message MESSAGE = new Message(
            "msg_1", "checkout_session.opened", new JsonObject().put("id", "é"), Instant.parse("2026-11-22T08:30:00Z"));

    private final Vertx vertx = Vertx.vertx();
    private final StandardReceiver receiver = new StandardReceiver();
    private final List<String> cutOff = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        receiver.close();
        TestGateway.await(vertx.close());
    }

    private static List<InetAddress> addresses(String... literals) {
        return List.of(literals).stream()
                .map(literal -> {
                    try {
                        return InetAddress.getByName(literal);
                    } catch (UnknownHostException e) {
                        throw new IllegalArgumentException(e);
                    }
                })
                .toList();
    }

    /** Every name leads to this machine. */
    private static AddressLookup here() {
        return host -> Future.succeededFuture(addresses("127.0.0.1"));
    }

    private Attempt send(String url, AddressLookup lookup, List<Network> allowed, Duration timeout) {
        return send(url, lookup, allowed, timeout, new HttpClientOptions());
    }

    private Attempt send(
            String url, AddressLookup lookup, List<Network> allowed, Duration timeout, HttpClientOptions options) {
        WebhookSender sender =
                new WebhookSender(vertx, new Destinations(lookup, allowed), timeout, Clock.systemUTC(), options);
        return TestGateway.await(sender.send(url, MESSAGE, new SigningSecrets(List.of(Secret.of(SECRET))), 1));
    }

    private Attempt send() {
        return send(receiver.url(), here(), List.of(THIS_MACHINE), Patience.LIMIT);
    }

    @Test
    void send_message_arrivesSignedAsTheStandardSays() {
        Attempt attempt = send();

        assertThat(attempt.delivered()).isTrue();
        assertThat(attempt.status()).isEqualTo(200);
        assertThat(receiver.received()).singleElement().satisfies(received -> {
            assertThat(received.verifies(SECRET)).isTrue();
            assertThat(received.verifies(SECRET, received.body() + " ")).isFalse();
            assertThat(received.header("content-type")).isEqualTo("application/json");
            assertThat(received.header("user-agent")).isEqualTo("Checkout-Gateway");
            assertThat(received.body())
                    .isEqualTo(
                            """
                            {"type":"checkout_session.opened","timestamp":"2026-11-22T08:30:00Z","data":{"id":"é"}}""");
        });
    }

    @Test
    void send_redirect_isNotFollowed() {
        receiver.answers(request -> request.response()
                .setStatusCode(307)
                .putHeader("Location", receiver.url() + "/elsewhere")
                .end());

        Attempt attempt = send();

        assertThat(attempt.result()).isEqualTo(Result.STATUS);
        assertThat(attempt.status()).isEqualTo(307);
        assertThat(receiver.received()).hasSize(1);
    }

    @Test
    void send_goneAndRetryAfter_areTold() {
        receiver.answers(request -> request.response()
                .setStatusCode(503)
                .putHeader("Retry-After", "120")
                .end());
        assertThat(send().retryAfter()).isEqualTo(Duration.ofMinutes(2));

        receiver.answersWith(410);
        assertThat(send().result()).isEqualTo(Result.GONE);
    }

    /** The answer is more than the gateway reads, and never ends. */
    @Test
    void send_endlessAnswer_isDeliveredAndCutOff() {
        receiver.answers(request -> {
            request.response().setChunked(true);
            Buffer chunk = Buffer.buffer(new byte[8192]);
            vertx.setPeriodic(1, tick -> {
                if (request.response().closed()) {
                    vertx.cancelTimer(tick);
                    cutOff.add(request.path());
                } else {
                    request.response().write(chunk);
                }
            });
        });

        assertThat(send().delivered()).isTrue();
        Awaitility.await().until(() -> !cutOff.isEmpty());
    }

    @Test
    void send_silence_endsWithTheTimeout() {
        receiver.staysSilent();

        Attempt attempt = send(receiver.url(), here(), List.of(THIS_MACHINE), Duration.ofMillis(300));

        assertThat(attempt.result()).isEqualTo(Result.TIMEOUT);
        assertThat(attempt.error()).isEqualTo("timeout");
        assertThat(attempt.took()).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void send_nobodyListens_isToldAsConnect() throws IOException {
        try (Socket nobody = FreePorts.refusing()) {
            Attempt attempt =
                    send("http://127.0.0.1:" + nobody.getLocalPort(), here(), List.of(THIS_MACHINE), Patience.LIMIT);

            assertThat(attempt.result()).isEqualTo(Result.CONNECT);
        }
    }

    @Test
    void send_connectionLost_isToldAsBroken() {
        receiver.answers(request -> request.connection().close());

        assertThat(send().result()).isEqualTo(Result.BROKEN);
    }

    @Test
    void send_unknownName_isToldAsName() {
        AddressLookup nobody = host -> Future.failedFuture(new UnknownHostException(host));

        assertThat(send("https://hooks.example/", nobody, List.of(), Patience.LIMIT)
                        .result())
                .isEqualTo(Result.NAME);
    }

    @Test
    void send_oneOfTheAddressesIsPrivate_isRefusedWithoutAConnection() {
        AddressLookup mixed = host -> Future.succeededFuture(addresses("1.1.1.1", "10.0.0.1"));

        assertThat(send("https://hooks.example/", mixed, List.of(), Patience.LIMIT)
                        .result())
                .isEqualTo(Result.ADDRESS);
    }

    /** The name led to a public address when it was checked, and leads inside when a message is sent. */
    @Test
    void send_nameThatWasReboundMeanwhile_isRefused() {
        Queue<List<InetAddress>> answers =
                new ArrayDeque<>(List.of(addresses("93.184.215.14"), addresses("127.0.0.1")));
        AddressLookup rebound = host -> Future.succeededFuture(answers.remove());
        String url = receiver.url().replace("http://127.0.0.1", "https://hooks.example");

        TestGateway.await(new Destinations(rebound, List.of()).check(EndpointUrl.of(url)));
        Attempt attempt = send(url, rebound, List.of(), Patience.LIMIT);

        assertThat(attempt.result()).isEqualTo(Result.ADDRESS);
        assertThat(receiver.received()).isEmpty();
    }

    /** Each look-up is used for the check and for the connection; a second one, which could differ, is never made. */
    @Test
    void send_checkedAddress_isTheOneConnectedTo() {
        Queue<List<InetAddress>> answers = new ArrayDeque<>(List.of(addresses("127.0.0.1")));
        AddressLookup once = host -> Future.succeededFuture(answers.remove());
        String url = receiver.url().replace("127.0.0.1", "hooks.example");

        assertThat(send(url, once, List.of(THIS_MACHINE), Patience.LIMIT).delivered())
                .isTrue();
        assertThat(receiver.received().get(0).header("host")).startsWith("hooks.example:");
    }

    @Test
    void check_plainHttp_isRefusedUnlessItStaysOnTheMachine() {
        Destinations strict =
                new Destinations(host -> Future.succeededFuture(addresses("1.1.1.1")), List.of(THIS_MACHINE));

        GatewayException refusal = catchThrowableOfType(
                GatewayException.class, () -> TestGateway.await(strict.check(EndpointUrl.of("http://hooks.example/"))));

        assertThat(refusal.invalidParameters().get(0).rule()).isEqualTo("scheme");
    }

    @Test
    void send_https_checksTheCertificateAgainstTheName(@TempDir Path directory) {
        PfxOptions certificate =
                TestCertificate.of("dns:hooks.example", directory).store();
        HttpServer server = TestGateway.await(vertx.createHttpServer(
                        new HttpServerOptions().setSsl(true).setKeyCertOptions(certificate))
                .requestHandler(request -> request.response().setStatusCode(204).end())
                .listen(0, "127.0.0.1"));
        String good = "https://hooks.example:" + server.actualPort();
        String other = "https://other.example:" + server.actualPort();
        List<Network> allowed = List.of(THIS_MACHINE);

        assertThat(send(good, here(), allowed, Patience.LIMIT, new HttpClientOptions().setTrustOptions(certificate))
                        .result())
                .isEqualTo(Result.DELIVERED);
        assertThat(send(other, here(), allowed, Patience.LIMIT, new HttpClientOptions().setTrustOptions(certificate))
                        .result())
                .isEqualTo(Result.TLS);
        assertThat(send(good, here(), allowed, Patience.LIMIT).result()).isEqualTo(Result.TLS);
    }
}
