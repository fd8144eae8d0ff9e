package io.checkoutgateway.store;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.apps.ConnectedAccount;
import io.checkoutgateway.apps.ConnectedAccountStore.Standing;
import io.checkoutgateway.apps.ConnectedAccountStore.Turn;
import io.checkoutgateway.apps.StripeKey;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.followup.FollowUp;
import io.checkoutgateway.followup.FollowUp.Kind;
import io.checkoutgateway.secrets.KeysetVault;
import io.checkoutgateway.secrets.SealingKeys;
import io.checkoutgateway.settings.Secret;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PgConnectedAccountsTest {
    private static final String APP = "01KAMZ2V5Q8XG6T4N9R3W7B1CD";
    private static final String OTHER = "01KAMZ2V5Q8XG6T4N9R3W7B1CE";
    private static final Actor ACTOR = Actor.gateway("test", "test");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration LEASE = Duration.ofMinutes(12);

    private final StoreScene scene = new StoreScene();
    private final PgConnectedAccounts accounts = new PgConnectedAccounts(scene.postgres);

    @BeforeEach
    void apps() {
        scene.app(APP, false);
        scene.app(OTHER, true);
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    private void seen(String account, Instant at) {
        await(scene.postgres.inTransaction(
                connection -> ConnectedAccountRows.seen(connection, ACTOR, APP, account, at)));
    }

    private boolean deauthorized(String account, Instant at) {
        return await(scene.postgres.inTransaction(
                connection -> ConnectedAccountRows.deauthorized(connection, APP, account, at)));
    }

    private void answered(String app, String account) {
        await(accounts.answered(app, account, Instant.now()));
    }

    private boolean refused(String account, Instant asOf) {
        return await(accounts.refused(APP, account, asOf));
    }

    /** Stripe refuses two calls in a row. */
    private void disconnect(String account) {
        assertThat(refused(account, Instant.now())).as("a doubt").isFalse();
        assertThat(refused(account, Instant.now())).isTrue();
    }

    private boolean isConnected(String account) {
        return await(accounts.list(APP, 0, 100)).stream()
                .filter(listed -> listed.account().equals(account))
                .anyMatch(listed -> listed.disconnectedAt() == null);
    }

    private Turn turn() {
        return await(accounts.next(APP, LEASE)).orElseThrow();
    }

    private Optional<String> next(String app) {
        return await(accounts.next(app, LEASE)).map(Turn::account);
    }

    /** In how many minutes the account is due. */
    private long dueIn(String account) {
        return Long.parseLong(scene.database
                .rows("SELECT round(extract(epoch FROM due_at - now()) / 60)::bigint"
                        + " FROM checkout_gateway.connected_accounts WHERE account = '" + account + "'")
                .get(0)
                .get(0));
    }

    private void change(String account, String change) {
        assertThat(scene.database.execute("UPDATE checkout_gateway.connected_accounts SET " + change
                        + " WHERE account = '" + account + "'"))
                .isPositive();
    }

    @Test
    void next_manyAccounts_eachHasItsTurnTheLongestWaitingFirst() {
        List.of("acct_a", "acct_b", "acct_c").forEach(account -> answered(APP, account));
        answered(OTHER, "acct_a");
        scene.database.execute(
                "UPDATE checkout_gateway.connected_accounts SET due_at = now() - interval '1 hour' WHERE account = 'acct_b'");
        scene.database.execute(
                "UPDATE checkout_gateway.connected_accounts SET due_at = now() - interval '1 minute' WHERE account = 'acct_c'");

        assertThat(List.of(next(APP), next(APP), next(APP), next(APP)))
                .containsExactly(Optional.of("acct_b"), Optional.of("acct_c"), Optional.of("acct_a"), Optional.empty());
        assertThat(next(OTHER)).contains("acct_a");
        assertThat(await(accounts.connected(APP))).isEqualTo(3);
    }

    @Test
    void next_turnThatNeverEnds_costsItsLeaseAndNotThePause() {
        answered(APP, "acct_a");
        Turn dead = turn();
        assertThat(next(APP)).as("while it is leased").isEmpty();
        assertThat(dueIn("acct_a")).isEqualTo(12);
        change("acct_a", "due_at = now()");

        Turn second = turn();

        assertThat(second.account()).isEqualTo("acct_a");
        await(accounts.rest(APP, dead, Duration.ofHours(9)));
        assertThat(dueIn("acct_a")).as("the dead one's end comes too late").isEqualTo(12);
        await(accounts.rest(APP, second, HOUR));
        assertThat(dueIn("acct_a")).isEqualTo(60);
    }

    @Test
    void rest_doubtedDuringTheTurn_leavesItDueAtOnce() {
        answered(APP, "acct_a");
        Turn turn = turn();
        assertThat(deauthorized("acct_a", Instant.now().plusSeconds(1))).isTrue();

        await(accounts.rest(APP, turn, HOUR));

        assertThat(next(APP)).contains("acct_a");
    }

    @Test
    void refused_twice_disconnectsUntilStripeAnswersAgain() {
        answered(APP, "acct_a");
        disconnect("acct_a");
        assertThat(refused("acct_a", Instant.now())).as("no news").isFalse();

        assertThat(next(APP)).as("left alone for an hour").isEmpty();
        assertThat(dueIn("acct_a")).isEqualTo(60);
        assertThat(await(accounts.connected(APP))).isZero();
        assertThat(await(accounts.standing(List.of(APP, OTHER)))).isEqualTo(new Standing(0, 1, null));
        // Events tell whole seconds.
        await(accounts.answered(APP, "acct_a", Instant.now().plusSeconds(1)));
        assertThat(next(APP)).contains("acct_a");
    }

    private List<List<String>> wishedSince() {
        return scene.database.rows(
                "SELECT account, round(extract(epoch FROM now() - full_from) / 3600) FROM checkout_gateway.catch_ups");
    }

    /** What it did meanwhile was to be delivered to nobody, so nothing of it counts as undelivered. */
    @ParameterizedTest
    @CsvSource({"1 day, 49", "5 days, 121"})
    void answered_accountReturns_allItsEventsSinceItWasGoneAreWishedFor(String caughtUp, String hours) {
        answered(APP, "acct_a");
        disconnect("acct_a");
        change("acct_a", "disconnected_at = now() - interval '2 days'");
        scene.database.execute("INSERT INTO checkout_gateway.catch_ups (app_id, account, through) VALUES ('" + APP
                + "', 'acct_a', now() - interval '" + caughtUp + "')");

        answered(APP, "acct_a");

        assertThat(wishedSince()).containsExactly(List.of("acct_a", hours));
        assertThat(isConnected("acct_a")).isTrue();
    }

    @Test
    void ofKind_accountIsDisconnected_waitsForItsReturn() {
        answered(APP, "acct_a");
        disconnect("acct_a");

        await(scene.postgres.inTransaction(connection ->
                SweepWishes.ofKind(connection, APP, true, Instant.now().minus(Duration.ofHours(9)))));

        assertThat(wishedSince()).containsExactly(List.of("acct_a", "10"));
        assertThat(next(APP)).as("it is not asked before its time").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"10 minutes, 60", "3 hours, 180", "2 days, 2880", "90 days, 40320"})
    void rest_ofADisconnectedAccount_doublesUpTo28Days(String disconnectedSince, long minutes) {
        answered(APP, "acct_a");
        disconnect("acct_a");
        change("acct_a", "due_at = now(), disconnected_at = now() - interval '" + disconnectedSince + "'");

        await(accounts.rest(APP, turn(), Duration.ofMinutes(5)));

        assertThat(dueIn("acct_a")).isEqualTo(minutes);
    }

    @Test
    void keyChanged_refusedAccounts_areDueOnceAndDeauthorizedOnesNot() {
        List.of("acct_a", "acct_b").forEach(account -> answered(APP, account));
        disconnect("acct_a");
        assertThat(deauthorized("acct_b", Instant.now().plusSeconds(1))).isTrue();
        assertThat(refused("acct_b", Instant.now())).isTrue();

        await(scene.postgres.inTransaction(connection -> ConnectedAccountRows.keyChanged(connection, APP)));

        assertThat(dueIn("acct_a")).isZero();
        assertThat(dueIn("acct_b")).isEqualTo(60);
    }

    @Test
    void configuredApp_startsWithAKeyThatIsConfirmed_probesRefusedAccountsOnceThen() {
        answered(APP, "acct_a");
        disconnect("acct_a");
        PgApps apps = new PgApps(scene.postgres, noSecrets());

        assertThat(await(apps.ensureConfigured(APP, "test", false, new StripeKey(Secret.of("rk_test_new"))))
                        .id())
                .isEqualTo(APP);
        assertThat(dueIn("acct_a")).as("before it is known whose the key is").isEqualTo(60);
        assertThat(await(apps.keyConfirmed(ACTOR, APP, "acct_own", "fingerprint")))
                .isTrue();
        assertThat(dueIn("acct_a")).isZero();
    }

    private KeysetVault noSecrets() {
        return new KeysetVault(new PgKeysets(scene.postgres), SealingKeys.of(scene.settings.secrets()));
    }

    @Test
    void standing_accountNeverCaughtUp_isBehindSinceItIsKnown() {
        List.of("acct_a", "acct_b").forEach(account -> answered(APP, account));
        change("acct_a", "known_since = '2026-01-01T00:00:00Z'");
        scene.database.execute("INSERT INTO checkout_gateway.catch_ups (app_id, account, through) VALUES ('" + APP
                + "', 'acct_b', '2026-02-01T00:00:00Z')");

        assertThat(await(accounts.standing(List.of(APP))))
                .isEqualTo(new Standing(2, 0, Instant.parse("2026-01-01T00:00:00Z")));
    }

    @Test
    void refused_byAReplicaWhoseClockIsAhead_isDisconnectedNowAndConnectedByTheNextSign() {
        seen("acct_a", Instant.now().minusSeconds(60));
        Instant ahead = Instant.now().plus(Duration.ofMinutes(10));
        assertThat(refused("acct_a", ahead)).as("a doubt").isFalse();
        assertThat(refused("acct_a", ahead)).isTrue();

        seen("acct_a", Instant.now().plusSeconds(1));

        assertThat(scene.database.rows(
                        "SELECT disconnected_at FROM checkout_gateway.connected_accounts WHERE account = 'acct_a'"))
                .containsExactly(List.of("null"));
    }

    @Test
    void refused_callMadeBeforeTheAccountWasSeen_isNoNews() {
        Instant before = Instant.now();
        answered(APP, "acct_a");
        assertThat(refused("acct_a", before.minusSeconds(5))).isFalse();
        assertThat(refused("acct_a", before.minusSeconds(4))).isFalse();
        assertThat(isConnected("acct_a")).isTrue();

        assertThat(refused("acct_a", Instant.now())).as("a doubt").isFalse();
        Instant call = Instant.now();
        answered(APP, "acct_a");
        assertThat(refused("acct_a", call)).as("seen since, within the hour").isFalse();
        assertThat(isConnected("acct_a")).isTrue();
        assertThat(refused("acct_a", Instant.now())).as("a later call").isTrue();
    }

    @Test
    void refused_callsMadeBeforeTheDoubt_areNotBelieved() {
        answered(APP, "acct_a");
        change("acct_a", "seen_at = now() - interval '10 minutes'");
        Instant calls = Instant.now();

        assertThat(refused("acct_a", calls)).isFalse();
        assertThat(refused("acct_a", calls)).as("another of the same moment").isFalse();

        assertThat(isConnected("acct_a")).isTrue();
        assertThat(next(APP)).as("due at once").contains("acct_a");
    }

    @Test
    void refused_accountThatNobodyKnows_staysUnknown() {
        assertThat(refused("acct_typo", Instant.now())).isFalse();
        assertThat(refused("acct_typo", Instant.now())).isFalse();

        assertThat(await(accounts.list(APP, 0, 10))).isEmpty();
    }

    @Test
    void seen_theAppsOwnAccount_isNoConnectedOne() {
        seen("acct_own", Instant.now());

        assertThat(await(accounts.list(APP, 0, 10))).isEmpty();
    }

    @Test
    void keyConfirmed_ofAnAccountThatWasTakenForAConnectedOne_isNoneAnyMore() {
        scene.database.execute("UPDATE checkout_gateway.apps SET stripe_account_id = NULL WHERE id = '" + APP + "'");
        seen("acct_own", Instant.now());
        seen("acct_a", Instant.now());

        assertThat(await(new PgApps(scene.postgres, noSecrets()).keyConfirmed(ACTOR, APP, "acct_own", "fingerprint")))
                .isTrue();

        assertThat(await(accounts.list(APP, 0, 10)))
                .extracting(ConnectedAccount::account)
                .containsExactly("acct_a");
    }

    /** Two processes that start with keys of two accounts, while nobody knows the app's: the first one decides. */
    @Test
    void keyConfirmed_anotherFoundAnotherAccountBefore_changesNothing() {
        scene.database.execute("UPDATE checkout_gateway.apps SET stripe_account_id = NULL WHERE id = '" + APP + "'");
        PgApps apps = new PgApps(scene.postgres, noSecrets());
        seen("acct_late", Instant.now());
        assertThat(await(apps.keyConfirmed(ACTOR, APP, "acct_first", "one"))).isTrue();

        assertThat(await(apps.keyConfirmed(ACTOR, APP, "acct_late", "other"))).isFalse();

        assertThat(scene.database.rows(
                        "SELECT stripe_account_id, key_fingerprint FROM checkout_gateway.apps WHERE id = '" + APP
                                + "'"))
                .containsExactly(List.of("acct_first", "one"));
        assertThat(await(accounts.list(APP, 0, 10)))
                .extracting(ConnectedAccount::account)
                .containsExactly("acct_late");
    }

    /** A late deauthorization, older than what was seen last; that was not written, being within the hour. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void lateDeauthorization_inAnyOrder_leavesItToStripesAnswer(boolean seenFirst) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        seen("acct_a", now.minusSeconds(30));
        if (seenFirst) {
            seen("acct_a", now.minusSeconds(10));
            assertThat(deauthorized("acct_a", now.minusSeconds(15))).isTrue();
        } else {
            assertThat(deauthorized("acct_a", now.minusSeconds(15))).isTrue();
            seen("acct_a", now.minusSeconds(10));
        }

        assertThat(isConnected("acct_a")).isTrue();
        Turn turn = turn();
        await(accounts.answered(APP, turn.account(), turn.since()));
        await(accounts.rest(APP, turn, HOUR));

        assertThat(isConnected("acct_a")).isTrue();
        assertThat(next(APP)).isEmpty();
        disconnect("acct_a");
    }

    @Test
    void deauthorized_thenRefused_isDisconnectedByTheEvent() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        seen("acct_a", now.minusSeconds(30));
        assertThat(deauthorized("acct_a", now.minusSeconds(40))).as("older").isFalse();
        assertThat(deauthorized("acct_a", now.minusSeconds(20))).isTrue();
        assertThat(deauthorized("acct_a", now.minusSeconds(20))).as("again").isFalse();

        assertThat(next(APP)).as("due").contains("acct_a");
        assertThat(refused("acct_a", Instant.now())).isTrue();

        assertThat(await(accounts.list(APP, 0, 10)))
                .extracting(ConnectedAccount::disconnectedBy)
                .containsExactly("deauthorized");
        seen("acct_a", now.minusSeconds(10));
        assertThat(isConnected("acct_a")).as("an event of before").isFalse();
        seen("acct_a", now.plusSeconds(10));
        assertThat(isConnected("acct_a")).as("one of after").isTrue();
    }

    @Test
    void connected_again_revivesItsFollowUpsAndNoOthers() {
        answered(APP, "acct_a");
        Wishes.add(scene.postgres, new FollowUp(Kind.READ_SESSION, APP, "acct_a", "cs_1"));
        Wishes.add(scene.postgres, new FollowUp(Kind.READ_SESSION, APP, "acct_b", "cs_2"));
        scene.database.execute("UPDATE checkout_gateway.follow_ups SET state = 'given_up', attempts = 80, begun = 1,"
                + " next_attempt_at = now() + interval '1 hour'");
        disconnect("acct_a");

        seen("acct_a", Instant.now().plusSeconds(1));

        assertThat(scene.database.rows("SELECT subject, state, attempts, begun, next_attempt_at <= now()"
                        + " FROM checkout_gateway.follow_ups ORDER BY subject"))
                .containsExactly(
                        List.of("cs_1", "pending", "0", "0", "t"), List.of("cs_2", "given_up", "80", "1", "f"));
    }

    @Test
    void seen_manyEventsOfAnAccount_isWrittenOnceAnHour() {
        Instant first = Instant.parse("2026-11-22T09:00:00Z");
        seen("acct_a", first);
        seen("acct_a", first.plus(Duration.ofMinutes(59)));
        assertThat(seenAt()).isEqualTo(first);

        seen("acct_a", first.plus(Duration.ofMinutes(61)));
        seen("acct_a", first.minus(HOUR));
        assertThat(seenAt()).isEqualTo(first.plus(Duration.ofMinutes(61)));
    }

    private Instant seenAt() {
        return await(accounts.list(APP, 0, 10)).get(0).seenAt();
    }

    @Test
    void list_pages_followInTheOrderOfKnowing() {
        List.of("acct_c", "acct_a", "acct_b").forEach(account -> answered(APP, account));

        List<ConnectedAccount> first = await(accounts.list(APP, 0, 2));
        List<ConnectedAccount> rest = await(accounts.list(APP, first.get(1).number(), 2));

        assertThat(first).extracting(ConnectedAccount::account).containsExactly("acct_c", "acct_a");
        assertThat(rest).extracting(ConnectedAccount::account).containsExactly("acct_b");
        assertThat(await(accounts.list(OTHER, 0, 10))).isEmpty();
    }
}
