package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.PlainHttp;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the gateway tells of itself: its contract to callers, its state to those who run it. */
class DocumentsTest {
    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension();

    private static HttpResponse<String> api(String path) {
        return PlainHttp.get(GATEWAY.get().url().resolve(path));
    }

    private static HttpResponse<String> management(String path) {
        return PlainHttp.get(GATEWAY.get().managementUrl().resolve(path));
    }

    @Test
    void openapi_isThePublishedContract() throws Exception {
        HttpResponse<String> json = api("/openapi.json");
        HttpResponse<String> yaml = api("/openapi.yaml");

        assertThat(json.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(json.body()).isEqualTo(Files.readString(Path.of("target/contract/openapi.json")));
        assertThat(yaml.body()).isEqualTo(Files.readString(Path.of("target/contract/openapi.yaml")));
    }

    @Test
    void openapiSdk_isWhatTheClientsOfTheTestsAreMadeFrom() throws Exception {
        HttpResponse<String> served = api("/openapi-sdk.json");

        assertThat(served.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(served.body()).isEqualTo(Files.readString(Path.of("target/contract/sdk/openapi.json")));
    }

    @Test
    void openapi_seedSchema_isAsItWasDelivered() throws Exception {
        String name = "BillingAppStripeCreateCheckoutSessionResult";
        JsonObject seed = new JsonObject(Files.readString(Path.of("api/schemas", name + ".json")));
        seed.remove("$schema");
        seed.remove("$id");

        JsonObject served = new JsonObject(api("/openapi.json").body())
                .getJsonObject("components")
                .getJsonObject("schemas")
                .getJsonObject(name);

        assertThat(served).isEqualTo(seed);
    }

    @Test
    void probes_runningGateway_pass() throws Exception {
        for (String probe : new String[] {"/livez", "/readyz", "/startupz"}) {
            assertThat(management(probe).statusCode()).as(probe).isEqualTo(200);
        }
        assertThat(management("/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void metrics_afterACreate_countRequestsStripeCallsAndEvents() throws Exception {
        GATEWAY.openSession();
        GATEWAY.settle();
        assertThat(TestGateway.await(GATEWAY.get().gateway().reconcileNow()).unsettled())
                .isZero();
        GATEWAY.client()
                .anonymous()
                .post("/api/v1/apps/01ARZ3NDEKTSV4RRFFQ69G5FAV/stripe/webhook", "{}")
                .expect(404);

        Awaitility.await().untilAsserted(() -> assertThat(management("/metrics").body())
                .contains("http_server_request_duration_seconds_count")
                .contains("http_route=\"/api/v3/openmeter/customers/{customerId}/billing/stripe/checkout-sessions\"")
                .contains("gateway_events_received_total")
                .contains("gateway_events_settled_total")
                .contains("gateway_events_lag_seconds_bucket")
                .contains("gateway_reconciled_total")
                .contains("gateway_events_refused_total{app=\"none\",reason=\"unknown_app\"}"));
    }

    @Test
    void metrics_methodsThatCallersMakeUp_areCountedAsOne() throws Exception {
        for (String method : new String[] {"BREW", "STEEP", "POUR"}) {
            GATEWAY.client()
                    .send(method, "/api/v1/checkout-sessions", HttpRequest.BodyPublishers.noBody(), null)
                    .expect(405);
        }

        assertThat(management("/metrics").body())
                .contains("http_request_method=\"_OTHER\"")
                .doesNotContain("BREW", "STEEP", "POUR");
    }
}
