package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.AppScene.soon;
import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.param.CustomerCreateParams;
import io.checkoutgateway.mirror.CatchUp;
import io.checkoutgateway.sandbox.events.DeliveryMode;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.testing.HostedPage;
import io.checkoutgateway.testing.SignedEvent;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Stripe could not tell of connected accounts is asked for in their names, until they disconnect. */
class ConnectedCatchUpTest {
    private static final String SESSIONS = "/api/v1/checkout-sessions";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private static TestGateway gateway;
    private static String app;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
        app = await(gateway.gateway().app()).id();
        // What every start begins with would take turns that are a test's.
        Awaitility.await().until(() -> await(gateway.gateway().catchUpNow()).looked());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void deliverAgain() {
        gateway.sandbox().deliveries().mode(DeliveryMode.kind());
    }

    private static void dropDeliveries() {
        gateway.sandbox().deliveries().mode(new DeliveryMode(false, 0, 1, Duration.ZERO));
    }

    /** An account that is connected to the platform. */
    private static String account() {
        String account = "acct_1Connected%07d".formatted(COUNT.incrementAndGet());
        gateway.sandbox().connect(account);
        return account;
    }

    private static String open(String account) {
        JsonObject body = new JsonObject()
                .put("customer", new JsonObject().put("id", gateway.customer()))
                .put("stripe_account", account)
                .put(
                        "stripe_options",
                        new JsonObject()
                                .put("success_url", "https://shop.example/done")
                                .put("currency", "EUR"));
        return gateway.client().post(SESSIONS, body).expect(201).json().getString("stripe_session_id");
    }

    private static String statusOf(String session) {
        return gateway.client().get(SESSIONS + "/" + session).expect(200).json().getString("status");
    }

    /** The account as the API lists it, without its times. */
    private static String standing(String account) {
        return gateway
                .client()
                .get("/api/v1/apps/" + app + "/connected-accounts?page[size]=100")
                .expect(200)
                .json()
                .getJsonArray("data")
                .stream()
                .map(JsonObject.class::cast)
                .filter(listed -> listed.getString("account").equals(account))
                .map(listed -> listed.getString("status") + " " + listed.getString("disconnected_by"))
                .findFirst()
                .orElse("unknown");
    }

    /** All rounds, as if every account's pause were over; answers how many events were new. */
    private static int everyonesTurn() {
        gateway.database()
                .execute("UPDATE checkout_gateway.connected_accounts SET due_at = now() WHERE disconnected_at IS NULL");
        int found = 0;
        CatchUp.Outcome outcome;
        do {
            outcome = await(gateway.gateway().catchUpNow());
            found += outcome.found();
        } while (outcome.more());
        return found;
    }

    /** When the account was asked last; nothing while it never was. */
    private static List<List<String>> asked(String account) {
        return gateway.database()
                .rows("SELECT ran_at FROM checkout_gateway.catch_ups WHERE account = '" + account + "'");
    }

    /** The account disconnects the platform, of which its event tells. */
    private static void deauthorize(String account) {
        gateway.sandbox().deauthorize(account);
        // Who asks Stripe before is refused, which is a reason too.
        soon(() -> assertThat(gateway.database()
                        .rows("SELECT state FROM checkout_gateway.stripe_events WHERE account = '" + account
                                + "' AND type = 'account.application.deauthorized'"))
                .containsExactly(List.of("applied")));
        becomes(account, "disconnected deauthorized");
    }

    /** What makes the account due is asked until this is how it stands. */
    private static void becomes(String account, String standing) {
        soon(() -> {
            await(gateway.gateway().catchUpNow());
            assertThat(standing(account)).isEqualTo(standing);
        });
    }

    private static void probe(String account) {
        gateway.database()
                .execute("UPDATE checkout_gateway.connected_accounts SET due_at = now() WHERE account = '" + account
                        + "'");
        await(gateway.gateway().catchUpNow());
    }

    private static void anHourPastItsEnd(String session) {
        assertThat(gateway.database()
                        .execute("UPDATE checkout_gateway.checkout_sessions SET expires_at = now() - interval '1 hour',"
                                + " stripe_as_of = now() - interval '2 hours' WHERE stripe_session_id = '" + session
                                + "'"))
                .isEqualTo(1);
    }

    private static boolean wasRead(String session) {
        await(gateway.gateway().readOverdueNow());
        return gateway.database()
                .rows("SELECT 1 FROM checkout_gateway.checkout_sessions WHERE overdue_read_at IS NOT NULL"
                        + " AND stripe_session_id = '" + session + "'")
                .equals(List.of(List.of("1")));
    }

    /** An event of the account that another service's doings caused. */
    private static void tell(String account, Instant created) {
        JsonObject event = SignedEvent.event("product.created", new JsonObject())
                .put("account", account)
                .put("created", created.getEpochSecond());
        SignedEvent signed = SignedEvent.of(event.encode());
        gateway.client()
                .anonymous()
                .with("Stripe-Signature", signed.signature())
                .post(gateway.webhookUrl().getPath(), signed.body())
                .expect(200);
        soon(() -> assertThat(gateway.database()
                        .rows("SELECT state FROM checkout_gateway.stripe_events WHERE event_id = '"
                                + event.getString("id") + "'"))
                .containsExactly(List.of("ignored")));
    }

    @Test
    void catchUp_eventOfAConnectedAccountWasLost_isFetchedOnceInItsName() {
        String account = account();
        String session = open(account);
        assertThat(standing(account)).isEqualTo("connected null");
        dropDeliveries();
        HostedPage.of(gateway.sandbox(), session).pay(HostedPage.GOOD_CARD);
        deliverAgain();
        assertThat(statusOf(session)).isEqualTo("open");

        assertThat(everyonesTurn()).isPositive();

        soon(() -> assertThat(statusOf(session)).isEqualTo("complete"));
        assertThat(everyonesTurn())
                .as("Stripe lists them still, the inbox knows them")
                .isZero();
        assertThat(await(gateway.gateway().catchUpNow()).found())
                .as("whose turn it is not")
                .isZero();
        gateway.ledgers().agree();
    }

    @Test
    void connectedAccount_thatTellsOfAnything_isKnownAndAskedFromThenOn() throws StripeException {
        String account = account();
        StripeClient.builder()
                .setApiKey(gateway.settings().getOrDefault("STRIPE_API_KEY", ""))
                .setApiBase(gateway.sandbox().baseUri().toString())
                .setStripeAccount(account)
                .build()
                .v1()
                .customers()
                .create(CustomerCreateParams.builder().setName("Made elsewhere").build());

        soon(() -> assertThat(standing(account)).isEqualTo("connected null"));
        assertThat(await(gateway.gateway().catchUpNow()).looked()).isTrue();
        assertThat(asked(account)).hasSize(1);
    }

    @Test
    void deauthorized_account_isLeftAloneUntilACreateWorksAgain() {
        String account = account();
        String session = open(account);
        gateway.settle();
        deauthorize(account);
        anHourPastItsEnd(session);
        List<List<String>> last = asked(account);

        everyonesTurn();

        assertThat(asked(account)).hasSize(1).isEqualTo(last);
        assertThat(wasRead(session)).isFalse();
        gateway.sandbox().connect(account);
        open(account);
        assertThat(standing(account)).isEqualTo("connected null");
        assertThat(wasRead(session)).isTrue();
        everyonesTurn();
        assertThat(asked(account)).isNotEqualTo(last);
        assertThat(gateway.database()
                        .rows("SELECT action FROM checkout_gateway.audit_log WHERE resource LIKE 'connected_account:%"
                                + account + "' ORDER BY id"))
                .containsExactly(List.of("connected_account.disconnected"), List.of("connected_account.connected"));
    }

    @Test
    void deauthorized_account_isConnectedByANewEventAndNotByALateOne() {
        String account = account();
        open(account);
        gateway.settle();
        deauthorize(account);

        tell(account, Instant.now().minusSeconds(60));
        assertThat(standing(account)).isEqualTo("disconnected deauthorized");
        tell(account, Instant.now().plusSeconds(2));
        assertThat(standing(account)).isEqualTo("connected null");
    }

    @Test
    void account_thatStripeGivesNoAccessTo_isLeftAloneAndKeepsNobodyFromTheirTurn() {
        String gone = account();
        String session = open(gone);
        String other = account();
        String paid = open(other);
        dropDeliveries();
        gateway.sandbox().deauthorize(gone);
        HostedPage.of(gateway.sandbox(), paid).pay(HostedPage.GOOD_CARD);
        deliverAgain();

        everyonesTurn();

        becomes(gone, "disconnected refused");
        soon(() -> assertThat(statusOf(paid)).isEqualTo("complete"));
        anHourPastItsEnd(session);
        assertThat(wasRead(session)).isFalse();
        gateway.client().post(SESSIONS + "/" + session + "/refresh").expect(502);
    }

    @Test
    void account_thatIsBackWithoutAWord_isFoundByAProbe() {
        String account = account();
        open(account);
        gateway.settle();
        deauthorize(account);
        probe(account);
        assertThat(standing(account)).isEqualTo("disconnected deauthorized");
        gateway.sandbox().connect(account);

        probe(account);

        assertThat(standing(account)).isEqualTo("connected null");
    }

    @Test
    void catchUp_moreAccountsThanARoundTakes_allHaveTheirTurnInTheNextOnes() {
        everyonesTurn();
        String first = accounts(30);
        long before = caughtUp(first);

        CatchUp.Outcome outcome = await(gateway.gateway().catchUpNow());

        assertThat(outcome.more()).isTrue();
        assertThat(before).isZero();
        assertThat(caughtUp(first)).isEqualTo(25);
        assertThat(await(gateway.gateway().catchUpNow()).more()).isFalse();
        assertThat(caughtUp(first)).isEqualTo(30);
    }

    @Test
    void catchUp_stripeAnswersNobody_endsTheRoundAfterThree() {
        everyonesTurn();
        String first = accounts(5);
        // The app's own account is asked before.
        Fault refused = gateway.sandbox().faults().add("GET", "/v1/events", 1, 100, Effect.status(403));

        CatchUp.Outcome outcome = await(gateway.gateway().catchUpNow());

        gateway.sandbox().faults().clear();
        assertThat(outcome.more()).isFalse();
        assertThat(refused.hits()).isEqualTo(3);
        assertThat(await(gateway.gateway().catchUpNow()).more()).isFalse();
        assertThat(caughtUp(first)).as("three wait for a minute").isEqualTo(2);
    }

    @Test
    void catchUp_oneAccountFails_theOthersHaveTheirTurnsAndItsNextComesSoon() {
        everyonesTurn();
        String first = accounts(5);
        gateway.sandbox().faults().add("GET", "/v1/events", 1, 1, Effect.status(403));

        CatchUp.Outcome outcome = await(gateway.gateway().catchUpNow());

        gateway.sandbox().faults().clear();
        assertThat(outcome.more()).isFalse();
        assertThat(caughtUp(first)).isEqualTo(4);
        assertThat(gateway.database()
                        .rows("SELECT 1 FROM checkout_gateway.connected_accounts WHERE account >= '" + first
                                + "' AND due_at < now() + interval '61 seconds'"))
                .hasSize(1);
    }

    @Test
    void catchUp_eventThatCannotBeStored_isCountedAndKeepsNobodyWaiting() {
        everyonesTurn();
        String account = accounts(1);
        gateway.sandbox()
                .faults()
                .add(
                        "GET",
                        "/v1/events",
                        1,
                        1,
                        new Effect.Garbage(
                                200,
                                "{\"object\":\"list\",\"has_more\":false,\"data\":[{\"id\":\"evt_1\",\"object\":\"event\"}]}"));

        await(gateway.gateway().catchUpNow());

        gateway.sandbox().faults().clear();
        assertThat(caughtUp(account)).isEqualTo(1);
        assertThat(gateway.metrics()).containsPattern("gateway_mirror_catch_up_unstored_total 1");
    }

    /** Makes accounts known whose turn is now; answers the first. */
    private static String accounts(int number) {
        List<String> made =
                Stream.generate(ConnectedCatchUpTest::account).limit(number).toList();
        gateway.database()
                .execute("INSERT INTO checkout_gateway.connected_accounts (app_id, account, seen_at) VALUES "
                        + made.stream()
                                .map(account -> "('%s', '%s', now())".formatted(app, account))
                                .collect(Collectors.joining(", ")));
        return made.get(0);
    }

    /** How many accounts from this one on were asked to the end. */
    private static long caughtUp(String first) {
        return gateway.database()
                .rows("SELECT 1 FROM checkout_gateway.catch_ups WHERE through IS NOT NULL AND account >= '" + first
                        + "'")
                .size();
    }

    @Test
    void metrics_afterARound_tellOfConnectedAccounts() {
        open(account());
        everyonesTurn();

        assertThat(gateway.metrics())
                .containsPattern("gateway_mirror_connected_accounts\\{state=\"connected\",?} [1-9]")
                .containsPattern("gateway_mirror_connected_catch_up_age_seconds [0-9]");
    }

    /** What only the numbers are read from is not there. */
    @Test
    void catchUp_accountsCannotBeCounted_goesOnWithTheRound() {
        everyonesTurn();
        String account = accounts(1);
        gateway.database()
                .execute("ALTER TABLE checkout_gateway.connected_accounts RENAME COLUMN known_since TO hidden");
        try {
            assertThat(await(gateway.gateway().catchUpNow()).looked()).isTrue();
        } finally {
            gateway.database()
                    .execute("ALTER TABLE checkout_gateway.connected_accounts RENAME COLUMN hidden TO known_since");
        }
        assertThat(caughtUp(account)).isEqualTo(1);
    }
}
