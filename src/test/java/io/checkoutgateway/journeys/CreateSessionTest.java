package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CreateSessionTest {
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
    }

    @AfterEach
    void ledgersAgree() {
        gateway.ledgers().agree();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void createSession_minimalHosted_answersAnOpenSessionOfTheCustomer() {
        String customer = gateway.customer();

        JsonObject result = gateway.client()
                .post(checkoutSessionsOf(customer), hosted())
                .expect(201)
                .json();

        assertThat(result.getString("customer_id")).isEqualTo(customer);
        assertThat(result.getString("status")).isEqualTo("open");
        assertThat(result.getString("currency")).isEqualTo("EUR");
        assertThat(result.getString("url"))
                .startsWith(gateway.sandbox().baseUri().toString());
    }

    @Test
    void createSession_callersMetadata_comesBackAndIsOnTheSetupIntent() {
        JsonObject body = hosted();
        body.getJsonObject("stripe_options").put("metadata", new JsonObject().put("order", "42"));

        Answer answer = gateway.client()
                .post(checkoutSessionsOf(gateway.customer()), body)
                .expect(201);

        assertThat(answer.json().getJsonObject("metadata")).isEqualTo(new JsonObject().put("order", "42"));
        assertThat(gateway.sandbox()
                        .ledger()
                        .session(answer.json().getString("session_id"))
                        .metadata())
                .containsEntry("order", "42")
                .containsKey("gateway_session_id");
    }
}
