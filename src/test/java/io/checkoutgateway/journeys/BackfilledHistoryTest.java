package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.param.checkout.SessionCreateParams.Mode;
import io.checkoutgateway.testing.EventReader;
import io.checkoutgateway.testing.HostedPage;
import io.checkoutgateway.testing.Selling;
import io.checkoutgateway.testing.StandardReceiver;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a backfill brings is told to nobody as if it had just happened, and what is news stays news. */
class BackfilledHistoryTest {
    private static final String BACKFILLS = "/api/v1/admin/backfills";
    private static final String EVENTS = "/api/v1/checkout-sessions/events";

    private OutgoingScene scene;
    private StandardReceiver receiver;

    @BeforeEach
    void start() {
        scene = OutgoingScene.start();
        receiver = new StandardReceiver();
        assertThat(scene.endpoint(receiver)).isNotEmpty();
        // Events of before the gateway was there; what the tests want to arrive does when they resume.
        scene.gateway().sandbox().deliveries().pause();
        // The start's look for events that were not delivered would find what the tests hold back.
        Awaitility.await()
                .until(() -> TestGateway.await(scene.gateway().gateway().catchUpNow())
                        .looked());
    }

    @AfterEach
    void stop() {
        receiver.close();
        scene.close();
    }

    private String openElsewhere() throws StripeException {
        return StripeClient.builder()
                .setApiKey(scene.gateway().settings().getOrDefault("STRIPE_API_KEY", ""))
                .setApiBase(scene.gateway().sandbox().baseUri().toString())
                .build()
                .v1()
                .checkout()
                .sessions()
                .create(Selling.any(Mode.SETUP).build())
                .getId();
    }

    private String completeElsewhere() throws StripeException {
        String session = openElsewhere();
        pay(session);
        return session;
    }

    private void pay(String session) {
        HostedPage.of(scene.gateway().sandbox(), session).pay(HostedPage.GOOD_CARD);
    }

    private void backfill() {
        String path = BACKFILLS + "/"
                + scene.client()
                        .post(BACKFILLS, new JsonObject())
                        .expect(201)
                        .json()
                        .getString("id");
        JsonObject done = Awaitility.await()
                .until(
                        () -> {
                            TestGateway.await(scene.gateway().gateway().mirrorNow());
                            return scene.client().get(path).expect(200).json();
                        },
                        run -> !run.getString("state").equals("running"));
        assertThat(done.getString("state")).isEqualTo("completed");
        scene.gateway().awaitPublished();
    }

    private List<List<String>> told() {
        return scene.rows("SELECT type, data ->> 'stripe_session_id' FROM checkout_gateway.feed"
                + " WHERE type <> 'checkout_session.updated' ORDER BY position");
    }

    private List<String> sent() {
        scene.deliver();
        return receiver.received().stream()
                .map(received -> received.json().getString("type"))
                .toList();
    }

    @Test
    void backfill_sessionsThatHaveEnded_areInTheListAndToldToNobody() throws StripeException {
        scene.gateway().sandbox().clock().set(Instant.now().minus(Duration.ofDays(40)));
        String paid = completeElsewhere();
        assertThat(openElsewhere()).as("runs out").isNotEmpty();
        scene.gateway().sandbox().clock().reset();
        String open = openElsewhere();

        try (EventReader reader = scene.client().watch(EVENTS)) {
            backfill();
            reader.untilType("checkout_session.opened");

            assertThat(reader.types()).containsExactly("checkout_session.opened");
        }
        assertThat(told()).containsExactly(List.of("checkout_session.opened", open));
        assertThat(sent()).containsExactly("checkout_session.opened");
        assertThat(scene.rows("SELECT status FROM checkout_gateway.checkout_sessions ORDER BY status"))
                .containsExactly(List.of("complete"), List.of("expired"), List.of("open"));
        assertThat(scene.rows("SELECT 1 FROM checkout_gateway.checkout_session_transitions t"
                        + " JOIN checkout_gateway.checkout_sessions s ON s.id = t.session_id"
                        + " WHERE s.stripe_session_id = '" + paid + "' AND t.to_status = 'complete'"))
                .as("its history")
                .hasSize(1);
    }

    @Test
    void backfill_changesASessionThatWasKnown_isToldAfterWhatIsNew() throws StripeException {
        String known = openElsewhere();
        backfill();
        pay(known);
        backfill();

        assertThat(told())
                .containsExactly(
                        List.of("checkout_session.opened", known), List.of("checkout_session.completed", known));
        assertThat(sent()).contains("checkout_session.opened");
        assertThat(scene.rows("SELECT DISTINCT later FROM checkout_gateway.webhook_deliveries"))
                .containsExactly(List.of("t"));
    }

    /** The session was completed a moment ago, and the backfill came before the event. */
    @Test
    void backfill_fasterThanTheEvent_doesNotKeepTheNewsFromAnybody() throws StripeException {
        String session = completeElsewhere();
        backfill();
        assertThat(told()).isEmpty();

        scene.gateway().sandbox().deliveries().resume();
        scene.gateway().settle();
        scene.gateway().awaitPublished();

        assertThat(told()).containsExactly(List.of("checkout_session.completed", session));
        assertThat(sent()).containsOnlyOnce("checkout_session.completed");
        backfill();
        assertThat(told()).hasSize(1);
    }
}
