package io.checkoutgateway.faults;

import static io.checkoutgateway.faults.Scene.SESSIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.sandbox.SandboxOptions;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.world.Ledger;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Creates on our own resource that were left unfinished, in the app's own account and in a connected one. */
class UnfinishedOwnCreateTest {
    private static final String OURS = "/api/v1/checkout-sessions";
    private static final String CONNECTED = "acct_1ConnectedShop00";

    private static Scene scene;

    @BeforeAll
    static void start() {
        scene = Scene.start(Map.of(), SandboxOptions.defaults().withConnectedAccounts(Set.of(CONNECTED)));
    }

    @AfterEach
    void ledgersAgree() {
        scene.faults().clear();
        scene.ledgers().agree();
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    private static ContractClient repeating() {
        return scene.client().with("Idempotency-Key", UUID.randomUUID().toString());
    }

    private static JsonObject request(JsonObject customer) {
        return new JsonObject()
                .put("customer", customer)
                .put(
                        "stripe_options",
                        new JsonObject()
                                .put("success_url", "https://shop.example/done")
                                .put("currency", "EUR"));
    }

    private static JsonObject known() {
        return new JsonObject().put("id", scene.gateway().customer());
    }

    private static JsonObject made() {
        return new JsonObject()
                .put("create", new JsonObject().put("name", "ACME").put("key", "key-" + UUID.randomUUID()));
    }

    private static Ledger.Session atStripe(Answer answer) {
        return scene.gateway().sandbox().ledger().session(answer.json().getString("stripe_session_id"));
    }

    @Test
    void create_answerLost_isFinishedAndAnsweredInItsOwnWords() {
        ContractClient client = repeating();
        JsonObject body = request(known());
        scene.faults().once("POST", SESSIONS, Effect.dropAfter());
        client.post(OURS, body).expect(504);

        scene.reconcile();

        Answer answer = client.post(OURS, body).expect(201);
        assertThat(answer.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(answer.json().getString("status")).isEqualTo("open");
        assertThat(answer.header("Location"))
                .isEqualTo(OURS + "/" + answer.json().getString("id"));
    }

    @Test
    void create_newCustomerAndAnswerLost_makesNoSecondCustomer() {
        ContractClient client = repeating();
        JsonObject body = request(made());
        scene.faults().once("POST", SESSIONS, Effect.dropAfter());
        client.post(OURS, body).expect(504);

        scene.reconcile();

        String customer = client.post(OURS, body).expect(201).json().getString("customer_id");
        assertThat(scene.gateway()
                        .database()
                        .rows("SELECT id FROM checkout_gateway.customers WHERE key = '%s'"
                                .formatted(body.getJsonObject("customer")
                                        .getJsonObject("create")
                                        .getString("key"))))
                .containsExactly(List.of(customer));
        assertThat(scene.gateway().sandbox().ledger().sessionsWithMetadata("om_customer_id", customer))
                .hasSize(1);
    }

    /** The request's key is free again; the step that made the customer has a key of its own. */
    @Test
    void create_endedAfterTheCustomerWasMade_goesOnWithThatCustomer() {
        ContractClient client = repeating();
        JsonObject body = request(made());
        scene.faults().once("POST", Scene.CUSTOMERS, Effect.rateLimited("endpoint-rate"));
        client.post(OURS, body).expect(503);

        client.post(OURS, body).expect(201);
    }

    @Test
    void create_connectedAccount_isCarriedThroughItsWholeLife() {
        Answer created = repeating()
                .post(OURS, request(known()).put("stripe_account", CONNECTED))
                .expect(201);
        String session = OURS + "/" + created.json().getString("id");

        assertThat(created.json().getString("stripe_account_id")).isEqualTo(CONNECTED);
        assertThat(atStripe(created).account()).isEqualTo(CONNECTED);
        scene.client().post(session + "/refresh").expect(200);
        assertThat(scene.client().post(session + "/expire").expect(200).json().getString("status"))
                .isEqualTo("expired");
        assertThat(atStripe(created).status()).isEqualTo("expired");
    }

    @Test
    void create_connectedAccountAndAnswerLost_isFinishedThere() {
        ContractClient client = repeating();
        JsonObject body = request(known()).put("stripe_account", CONNECTED);
        scene.faults().once("POST", SESSIONS, Effect.dropAfter());
        client.post(OURS, body).expect(504);

        scene.reconcile();

        Answer answer = client.post(OURS, body).expect(201);
        assertThat(atStripe(answer).account()).isEqualTo(CONNECTED);
        assertThat(scene.gateway()
                        .sandbox()
                        .ledger()
                        .sessionsWithMetadata("om_customer_id", answer.json().getString("customer_id")))
                .hasSize(1);
    }

    @Test
    void create_twoAccounts_haveACounterpartEach() {
        JsonObject customer = known();
        String own =
                repeating().post(OURS, request(customer)).expect(201).json().getString("stripe_customer_id");

        JsonObject there = repeating()
                .post(OURS, request(customer).put("stripe_account", CONNECTED))
                .expect(201)
                .json();

        assertThat(there.getString("stripe_customer_id")).isNotEqualTo(own);
        assertThat(scene.client()
                        .get("/api/v3/openmeter/customers/" + customer.getString("id") + "/billing")
                        .expect(200)
                        .json()
                        .getJsonObject("app_data")
                        .getJsonObject("stripe")
                        .getString("customer_id"))
                .isEqualTo(own);
        scene.atStripe("DELETE", Scene.CUSTOMERS + "/" + own, "");
    }

    @Test
    void create_accountThatTheKeyDoesNotReach_isRefused() {
        Answer refused = repeating().post(OURS, request(known()).put("stripe_account", "acct_stranger"));

        assertThat(refused.expect(422).json().getString("code")).isEqualTo("stripe_refused");
    }
}
