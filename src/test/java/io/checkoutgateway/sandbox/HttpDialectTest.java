package io.checkoutgateway.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HttpDialectTest {
    @RegisterExtension
    private static final SandboxFixture FIXTURE =
            new SandboxFixture(SandboxOptions.defaults().withConnectedAccounts(Set.of("acct_connected")));

    static List<Arguments> refusedKeys() {
        return List.of(
                argumentSet("none", "", "You did not provide an API key."),
                argumentSet("live", "Bearer sk_live_abcdefgh1234", "Invalid API Key provided: sk_live_********1234"),
                argumentSet("publishable", "Bearer pk_test_abc", "cannot be made with a publishable API key"),
                argumentSet("nonsense", "Bearer hello", "Invalid API Key provided: *ello"),
                argumentSet("broken basic", "Basic %%%", "You did not provide an API key."));
    }

    @ParameterizedTest
    @MethodSource("refusedKeys")
    void authorization_wrong_isStripes401(String header, String message) {
        HttpRequest.Builder request = FIXTURE.request("/v1/account").GET();
        HttpResponse<String> response =
                FIXTURE.send(header.isEmpty() ? request : request.header("Authorization", header));

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(SandboxFixture.error(response).getString("message")).contains(message);
        assertThat(SandboxFixture.error(response).getString("type")).isEqualTo("invalid_request_error");
    }

    @Test
    void authorization_basic_isTheKeyAsUser() {
        String basic = Base64.getEncoder().encodeToString("sk_test_x:".getBytes(StandardCharsets.UTF_8));

        assertThat(FIXTURE.send(FIXTURE.request("/v1/account")
                                .header("Authorization", "Basic " + basic)
                                .GET())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void authorization_expiredAndRestrictedKeys_areRefusedByName() {
        FIXTURE.control("POST", "/keys/expire", new JsonObject().put("key", "sk_test_old1234"));
        FIXTURE.control(
                "POST",
                "/keys/restrict",
                new JsonObject().put("key", "rk_test_narrow").put("permissions", List.of("customer_read")));

        HttpResponse<String> expired = as("sk_test_old1234", "/v1/account");
        HttpResponse<String> narrow = as("rk_test_narrow", "/v1/checkout/sessions");

        assertThat(expired.statusCode()).isEqualTo(401);
        assertThat(SandboxFixture.error(expired).getString("code")).isEqualTo("api_key_expired");
        assertThat(narrow.statusCode()).isEqualTo(403);
        assertThat(SandboxFixture.error(narrow).getString("message")).contains("rak_checkout_session_read");
        assertThat(as("rk_test_narrow", "/v1/customers").statusCode()).isEqualTo(200);
        HttpResponse<String> peeping = as("rk_test_narrow", "/v1/customers?expand%5B%5D=data.subscriptions");
        assertThat(SandboxFixture.error(peeping).getString("message")).contains("rak_subscription_read");
    }

    @Test
    void answer_always_namesRequestAndVersion() {
        HttpResponse<String> standard = FIXTURE.get("/v1/account");
        HttpResponse<String> pinned = FIXTURE.send(FIXTURE.request("/v1/account")
                .header("Authorization", "Bearer " + SandboxFixture.KEY)
                .header("Stripe-Version", "2025-03-31.basil")
                .GET());
        HttpResponse<String> wrong = FIXTURE.send(FIXTURE.request("/v1/account")
                .header("Authorization", "Bearer " + SandboxFixture.KEY)
                .header("Stripe-Version", "yesterday")
                .GET());

        assertThat(standard.headers().firstValue("Request-Id")).get().asString().startsWith("req_");
        assertThat(standard.headers().firstValue("Stripe-Version")).hasValue("2026-07-29.dahlia");
        assertThat(pinned.headers().firstValue("Stripe-Version")).hasValue("2025-03-31.basil");
        assertThat(SandboxFixture.error(wrong).getString("message")).isEqualTo("Invalid Stripe API version: yesterday");
    }

    @Test
    void path_unknown_isStripes404() {
        HttpResponse<String> slash = FIXTURE.get("/v1/checkout/sessions/");
        HttpResponse<String> unknown = FIXTURE.get("/v1/nothing");

        assertThat(slash.statusCode()).isEqualTo(404);
        assertThat(SandboxFixture.error(slash).getString("message"))
                .isEqualTo("Unrecognized request URL (GET: /v1/checkout/sessions/). If you are trying to list objects, "
                        + "remove the trailing slash. If you are trying to retrieve an object, make sure you passed a "
                        + "valid (non-empty) identifier in your code. Please see https://stripe.com/docs or we can help "
                        + "at https://support.stripe.com/.");
        assertThat(unknown.statusCode()).isEqualTo(404);
    }

    @Test
    void body_tooLarge_isRefused() {
        assertThat(FIXTURE.post("/v1/customers", "x".repeat(1024 * 1024 + 1)).statusCode())
                .isEqualTo(413);
    }

    @Test
    void list_limits_areStripes() {
        assertThat(FIXTURE.get("/v1/customers?limit=100").statusCode()).isEqualTo(200);
        for (String wrong : List.of("limit=0", "limit=101", "limit=x", "starting_after=cus_none")) {
            assertThat(FIXTURE.get("/v1/customers?" + wrong).statusCode())
                    .as(wrong)
                    .isEqualTo(400);
        }
    }

    @Test
    void stripeAccount_connected_isAWorldOfItsOwn() {
        HttpResponse<String> created = FIXTURE.send(FIXTURE.request("/v1/customers")
                .header("Authorization", "Bearer " + SandboxFixture.KEY)
                .header("Stripe-Account", "acct_connected")
                .POST(BodyPublishers.noBody()));
        String id = new JsonObject(created.body()).getString("id");
        HttpResponse<String> stranger = FIXTURE.send(FIXTURE.request("/v1/customers")
                .header("Authorization", "Bearer " + SandboxFixture.KEY)
                .header("Stripe-Account", "acct_stranger")
                .GET());

        assertThat(FIXTURE.get("/v1/customers/" + id).statusCode()).isEqualTo(404);
        assertThat(FIXTURE.sandbox.ledger().customers())
                .filteredOn(customer -> customer.id().equals(id))
                .extracting("account")
                .containsExactly("acct_connected");
        assertThat(stranger.statusCode()).isEqualTo(403);
        assertThat(SandboxFixture.error(stranger).getString("code")).isEqualTo("account_invalid");
    }

    @Test
    void control_fromAForeignPage_isRefused() {
        HttpResponse<String> foreign = FIXTURE.send(FIXTURE.request("/_sandbox/reset")
                .header("Origin", "https://evil.example")
                .POST(BodyPublishers.noBody()));

        assertThat(foreign.statusCode()).isEqualTo(403);
        assertThat(FIXTURE.control("GET", "", new JsonObject()).getJsonArray("commands"))
                .isNotEmpty();
        assertThat(FIXTURE.control("GET", "/nothing", new JsonObject()).getString("error"))
                .contains("unknown");
    }

    @Test
    void start_portTaken_saysWhich() {
        SandboxOptions same = SandboxOptions.defaults().listeningOn("127.0.0.1", FIXTURE.sandbox.port());

        assertThatThrownBy(() -> SandboxFixture.await(StripeSandbox.start(FIXTURE.vertx, same)))
                .hasMessageContaining("127.0.0.1:" + FIXTURE.sandbox.port());
    }

    @Test
    void options_thatCannotWork_areRefused() {
        SandboxOptions options = SandboxOptions.defaults();

        assertThatThrownBy(() -> options.listeningOn("127.0.0.1", 70_000)).hasMessageContaining("70000");
        assertThatThrownBy(() -> options.withApiKeys(List.of("sk_live_x"))).hasMessageContaining("sk_test_");
        assertThatThrownBy(() -> options.withConnectedAccounts(Set.of("x"))).hasMessageContaining("acct_");
        assertThat(options.accounts()).isEqualTo(Map.of());
    }

    private static HttpResponse<String> as(String key, String path) {
        return FIXTURE.send(
                FIXTURE.request(path).header("Authorization", "Bearer " + key).GET());
    }
}
