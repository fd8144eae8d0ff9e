package io.checkoutgateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Ways into the portal that were lost on the way: whoever asks again is given the one that Stripe opened. */
class UnfinishedPortalTest {
    private static final String PORTAL = "/v1/billing_portal/sessions";
    private static final JsonObject BODY = new JsonObject().put("stripe_options", new JsonObject());

    private static Scene scene;

    @BeforeAll
    static void start() {
        scene = Scene.start();
    }

    @AfterEach
    void noFaults() {
        scene.faults().clear();
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    /** A request that can be repeated, for a customer that Stripe knows. */
    private record Request(ContractClient client, String path, String key) {
        Answer send() {
            return client.post(path, BODY);
        }

        CompletableFuture<Answer> sendAsync() {
            return client.postAsync(path, BODY);
        }

        /** How often Stripe opened the portal for what is now claimed under the key. */
        int opened() {
            return scene.gateway().sandbox().ledger().executedCreates("portal-" + claim());
        }

        String claim() {
            return scene.gateway()
                    .database()
                    .rows("SELECT session_id FROM checkout_gateway.idempotency_keys WHERE key = '%s'".formatted(key))
                    .get(0)
                    .get(0);
        }
    }

    private static Request request() {
        Scene.Request known = scene.request();
        scene.send(known).expect(201);
        String key = UUID.randomUUID().toString();
        return new Request(
                scene.client().with("Idempotency-Key", key),
                "/api/v3/openmeter/customers/" + known.customer() + "/billing/stripe/portal-sessions",
                key);
    }

    @Test
    void openPortal_answerOfStripeLost_theNextRequestGetsWhatWasOpened() {
        Request request = request();
        scene.faults().once("POST", PORTAL, Effect.dropAfter());
        request.send().expect(504);
        String claim = request.claim();

        request.send().expect(201);

        assertThat(request.claim()).isEqualTo(claim);
        assertThat(request.opened()).isEqualTo(1);
    }

    /** The process dies after Stripe answered: the claim is there, the answer is not. */
    @Test
    void openPortal_diedBeforeTheAnswerWasStored_theNextRequestGetsTheSame() {
        Request request = request();
        Answer first = request.send().expect(201);
        scene.execute(
                "UPDATE checkout_gateway.idempotency_keys SET status = NULL, body = NULL, content_type = NULL WHERE key = '%s'"
                        .formatted(request.key()));

        Answer again = request.send().expect(201);

        assertThat(again.json()).isEqualTo(first.json());
        assertThat(request.opened()).isEqualTo(1);
    }

    @Test
    void openPortal_nothingReachedStripe_theNextRequestOpensIt() {
        Request request = request();
        scene.faults().once("POST", PORTAL, Effect.dropBefore());
        request.send().expect(504);

        request.send().expect(201);

        assertThat(request.opened()).isEqualTo(1);
    }

    /** Stripe repeats a 500 for as long as a key lives. */
    @Test
    void openPortal_stripeFailed_theNextRequestIsAnotherCall() {
        Request request = request();
        scene.faults().once("POST", PORTAL, Effect.serverError());
        request.send().expect(502);

        request.send().expect(201);
    }

    @Test
    void openPortal_twoAtOnceWithOneKey_areToldTheSame() {
        Request request = request();
        Fault slow = scene.faults().once("POST", PORTAL, Effect.holdAfter());
        CompletableFuture<Answer> first = request.sendAsync();
        TestGateway.await(slow.struck());

        Answer second = request.send();
        slow.release();

        assertThat(second.expect(201).json()).isEqualTo(first.join().expect(201).json());
        assertThat(request.opened()).isEqualTo(1);
    }
}
