package io.checkoutgateway.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.testing.PlainHttp;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class IdempotencyTest {
    private static final String CUSTOMERS = "/v1/customers";

    @RegisterExtension
    private final SandboxFixture fixture = new SandboxFixture();

    @Test
    void post_sameKeyAndParameters_isReplayedByteForByte() {
        HttpResponse<String> first = create("k1", "email=a@example.com&metadata[x]=1&metadata[y]=2");
        HttpResponse<String> second = create("k1", "metadata[y]=2&metadata[x]=1&email=a@example.com");

        assertThat(second.body()).isEqualTo(first.body());
        assertThat(first.headers().firstValue("Idempotent-Replayed")).isEmpty();
        assertThat(second.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertThat(second.headers().firstValue("Idempotency-Key")).hasValue("k1");
        assertThat(fixture.sandbox.ledger().customers()).hasSize(1);
        assertThat(fixture.sandbox.ledger().executedCreates("k1")).isEqualTo(1);
    }

    @Test
    void post_sameKeyOtherParameters_isRefused() {
        create("k1", "email=a@example.com");
        HttpResponse<String> other = create("k1", "email=b@example.com");

        assertThat(other.statusCode()).isEqualTo(400);
        assertThat(SandboxFixture.error(other).getString("type")).isEqualTo("idempotency_error");
        assertThat(SandboxFixture.error(other).getString("message"))
                .isEqualTo(
                        "Keys for idempotent requests can only be used with the same parameters they were first used "
                                + "with. Try using a key other than 'k1' if you meant to execute a different request.");
    }

    @Test
    void post_sameKeyOtherEndpoint_isRefused() {
        create("k1", "email=a@example.com");
        HttpResponse<String> other = fixture.post("/v1/checkout/sessions", "mode=setup", "Idempotency-Key", "k1");

        assertThat(other.statusCode()).isEqualTo(400);
        assertThat(SandboxFixture.error(other).getString("message"))
                .contains("('/v1/checkout/sessions' vs '/v1/customers')");
    }

    @Test
    void post_sameKeyOtherAccount_isAnotherKey() {
        create("k1", "email=a@example.com");
        HttpResponse<String> other = fixture.send(fixture.request(CUSTOMERS)
                .header("Authorization", "Bearer sk_test_51OtherAccount00xyz")
                .header("Idempotency-Key", "k1")
                .POST(BodyPublishers.ofString("email=b@example.com")));

        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(fixture.sandbox.ledger().customers()).extracting("account").doesNotHaveDuplicates();
    }

    @Test
    void post_validationFailure_leavesTheKeyFree() {
        HttpResponse<String> wrong = create("k1", "email=a@example.com&foo=1");
        HttpResponse<String> right = create("k1", "email=a@example.com");

        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(right.statusCode()).isEqualTo(200);
        assertThat(right.headers().firstValue("Idempotent-Replayed")).isEmpty();
    }

    @Test
    void post_failureInExecution_isReplayed() {
        String form = "mode=setup&success_url=https://a.example&payment_method_types[0]=card&customer=cus_later";
        HttpResponse<String> first = fixture.post("/v1/checkout/sessions", form, "Idempotency-Key", "k1");
        HttpResponse<String> second = fixture.post("/v1/checkout/sessions", form, "Idempotency-Key", "k1");

        assertThat(first.statusCode()).isEqualTo(400);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("Idempotent-Replayed")).hasValue("true");
    }

    @Test
    void post_serverError_isReplayedButRateLimitIsNot() {
        fixture.sandbox.faults().once("POST", CUSTOMERS, Effect.serverError());
        assertThat(create("k1", "").statusCode()).isEqualTo(500);
        assertThat(create("k1", "").statusCode()).isEqualTo(500);

        fixture.sandbox.faults().once("POST", CUSTOMERS, Effect.rateLimited("endpoint-rate"));
        assertThat(create("k2", "").statusCode()).isEqualTo(429);
        assertThat(create("k2", "").statusCode()).isEqualTo(200);
    }

    @Test
    void post_whileTheFirstIsUnderWay_isA409() {
        Fault hold = fixture.sandbox.faults().once("POST", CUSTOMERS, Effect.holdBefore());
        CompletableFuture<HttpResponse<String>> first = PlainHttp.sendAsync(fixture.request(CUSTOMERS)
                .header("Authorization", "Bearer " + SandboxFixture.KEY)
                .header("Idempotency-Key", "k1")
                .POST(BodyPublishers.ofString("email=a@example.com")));
        SandboxFixture.await(hold.struck());

        HttpResponse<String> second = create("k1", "email=a@example.com");
        hold.release();

        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(SandboxFixture.error(second).getString("code")).isEqualTo("idempotency_key_in_use");
        assertThat(second.headers().firstValue("Stripe-Should-Retry")).hasValue("true");
        assertThat(first.join().statusCode()).isEqualTo(200);
        assertThat(create("k1", "email=a@example.com").body())
                .isEqualTo(first.join().body());
    }

    @Test
    void post_keyOlderThanADay_executesAnew() {
        String before = id(create("k1", ""));
        fixture.sandbox.clock().advance(Duration.ofHours(23));
        String stillKnown = id(create("k1", ""));
        fixture.sandbox.clock().advance(Duration.ofHours(2));
        String after = id(create("k1", ""));

        assertThat(stillKnown).isEqualTo(before);
        assertThat(after).isNotEqualTo(before);
        assertThat(fixture.sandbox.ledger().executedCreates("k1")).isEqualTo(2);
    }

    @Test
    void post_keyOf256Characters_isRefused() {
        assertThat(create("k".repeat(255), "").statusCode()).isEqualTo(200);
        assertThat(create("k".repeat(256), "").statusCode()).isEqualTo(400);
    }

    private HttpResponse<String> create(String key, String form) {
        return fixture.post(CUSTOMERS, form, "Idempotency-Key", key);
    }

    private static String id(HttpResponse<String> response) {
        return new JsonObject(response.body()).getString("id");
    }
}
