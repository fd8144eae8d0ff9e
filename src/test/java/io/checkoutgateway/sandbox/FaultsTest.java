package io.checkoutgateway.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.exception.ApiException;
import com.stripe.exception.RateLimitException;
import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.net.RequestOptions;
import com.stripe.param.CustomerCreateParams;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.testing.Patience;
import io.checkoutgateway.testing.PlainHttp;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FaultsTest {
    private static final String CUSTOMERS = "/v1/customers";

    @RegisterExtension
    private final SandboxFixture fixture = new SandboxFixture();

    @Test
    void rateLimited_sayWhyAndLeaveNothing() {
        fixture.sandbox.faults().once("POST", CUSTOMERS, Effect.rateLimited("endpoint-rate"));

        assertThatThrownBy(fixture::customer).isInstanceOfSatisfying(RateLimitException.class, limit -> {
            assertThat(limit.getCode()).isEqualTo("rate_limit");
            assertThat(limit.getStatusCode()).isEqualTo(429);
        });
        assertThat(fixture.sandbox.ledger().customers()).isEmpty();
    }

    @Test
    void lockTimeout_isRetriedByStripeJava() throws StripeException {
        fixture.sandbox.faults().once("POST", CUSTOMERS, Effect.lockTimeout());

        Customer customer = fixture.stripe
                .v1()
                .customers()
                .create(
                        CustomerCreateParams.builder().build(),
                        RequestOptions.builder().setMaxNetworkRetries(1).build());

        assertThat(customer.getId()).startsWith("cus_");
    }

    @Test
    void dropAfter_executesAndTheSameKeyReplays() {
        // Once for the request, once for the JDK's silent second try.
        Fault fault = fixture.sandbox.faults().add("POST", CUSTOMERS, 2, Effect.dropAfter());
        RequestOptions key = RequestOptions.builder().setIdempotencyKey("k1").build();
        CustomerCreateParams params =
                CustomerCreateParams.builder().setEmail("a@example.com").build();

        assertThatThrownBy(() -> fixture.stripe.v1().customers().create(params, key))
                .isInstanceOf(com.stripe.exception.ApiConnectionException.class);
        assertThat(fault.hits()).isPositive();
        assertThat(fixture.sandbox.ledger().customers()).hasSize(1);
        fixture.sandbox.faults().clear();
        HttpResponse<String> replay = fixture.post(CUSTOMERS, "email=a@example.com", "Idempotency-Key", "k1");
        assertThat(replay.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertThat(fixture.sandbox.ledger().executedCreates("k1")).isEqualTo(1);
    }

    @Test
    void dropBefore_executesNothingAndFreesTheKey() {
        fixture.sandbox.faults().add("POST", CUSTOMERS, 2, Effect.dropBefore());

        assertThatThrownBy(fixture::customer).isInstanceOf(com.stripe.exception.ApiConnectionException.class);
        assertThat(fixture.sandbox.ledger().customers()).isEmpty();
    }

    @Test
    void holdAfter_commitsBeforeItIsReleased() {
        Fault hold = fixture.sandbox.faults().once("POST", CUSTOMERS, Effect.holdAfter());
        CompletableFuture<HttpResponse<String>> waiting = PlainHttp.sendAsync(fixture.request(CUSTOMERS)
                .header("Authorization", "Bearer " + SandboxFixture.KEY)
                .POST(BodyPublishers.noBody()));

        SandboxFixture.await(hold.struck());
        assertThat(fixture.sandbox.ledger().customers()).hasSize(1);
        assertThat(waiting).isNotDone();
        hold.release();
        assertThat(waiting.join().statusCode()).isEqualTo(200);
    }

    @Test
    void close_withAHeldRequest_doesNotWaitForIt() {
        try (SandboxFixture doomed = new SandboxFixture()) {
            Fault hold = doomed.sandbox.faults().once("POST", CUSTOMERS, Effect.holdBefore());
            CompletableFuture<HttpResponse<String>> waiting = PlainHttp.sendAsync(doomed.request(CUSTOMERS)
                    .header("Authorization", "Bearer " + SandboxFixture.KEY)
                    .POST(BodyPublishers.noBody()));
            SandboxFixture.await(hold.struck());

            SandboxFixture.await(doomed.sandbox.close());

            assertThat(waiting).failsWithin(Patience.LIMIT);
        }
    }

    @Test
    void delay_comesBeforeTheAnswer() {
        fixture.sandbox.faults().once("GET", "/v1/account", Effect.delayAfter(Duration.ofMillis(300)));

        long before = System.nanoTime();
        assertThat(fixture.get("/v1/account").statusCode()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void garbage_isWhatTheClientGets() {
        fixture.sandbox.faults().once("GET", "/v1/**", Effect.malformedBody());
        fixture.sandbox.faults().once("GET", "/v1/**", Effect.emptyBody());

        assertThatThrownBy(() -> fixture.stripe.v1().accounts().retrieveCurrent())
                .isInstanceOf(ApiException.class);
        assertThat(fixture.get("/v1/account").body()).isEmpty();
    }

    @Test
    void rules_skipCountAndPattern_areKept() {
        fixture.sandbox.faults().add("*", "/v1/customers/*", 1, 1, Effect.status(503));

        assertThat(fixture.post(CUSTOMERS, "").statusCode()).isEqualTo(200);
        assertThat(fixture.get("/v1/customers/cus_1").statusCode()).isEqualTo(404);
        assertThat(fixture.get("/v1/customers/cus_1").statusCode()).isEqualTo(503);
        assertThat(fixture.get("/v1/customers/cus_1").statusCode()).isEqualTo(404);
    }

    @Test
    void control_scriptsFaultsOverHttp() {
        JsonObject fault = fixture.control(
                "POST",
                "/faults",
                new JsonObject().put("method", "GET").put("path", "/v1/account").put("effect", "unavailable"));

        assertThat(fault.getString("id")).startsWith("fault_");
        assertThat(fixture.get("/v1/account").statusCode()).isEqualTo(503);
        assertThat(fixture.get("/v1/account").statusCode()).isEqualTo(200);
        assertThat(fixture.control("POST", "/faults", new JsonObject().put("effect", "nonsense"))
                        .getString("error"))
                .contains("effect must be");
    }

    @Test
    void latency_isAddedToEveryAnswer() {
        try (SandboxFixture slow = new SandboxFixture(SandboxOptions.defaults().withLatency(Duration.ofMillis(150)))) {
            long before = System.nanoTime();
            assertThat(slow.get("/v1/account").statusCode()).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
        }
    }
}
