package io.checkoutgateway.store;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.apps.ConnectedAccount;
import io.checkoutgateway.apps.ConnectedAccountStore.Standing;
import io.checkoutgateway.audit.Actor;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PgConnectedAccountsTest {
    private static final String APP = "01KAMZ2V5Q8XG6T4N9R3W7B1CD";
    private static final String OTHER = "01KAMZ2V5Q8XG6T4N9R3W7B1CE";
    private static final Actor ACTOR = Actor.gateway("test", "test");
    private static final Duration HOUR = Duration.ofHours(1);

    private final StoreScene scene = new StoreScene();
    private final PgConnectedAccounts accounts = new PgConnectedAccounts(scene.postgres);

    @BeforeEach
    void apps() {
        app(APP, false);
        app(OTHER, true);
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    private void app(String id, boolean livemode) {
        scene.database.execute(
                "INSERT INTO checkout_gateway.apps (id, namespace, type, livemode, configured, stripe_account_id)"
                        + " VALUES ('%s', 'test', 'stripe', %s, true, 'acct_own')".formatted(id, livemode));
    }

    private void seen(String account, Instant at) {
        await(scene.postgres.inTransaction(
                connection -> ConnectedAccountRows.seen(connection, ACTOR, APP, account, at)));
    }

    private boolean deauthorized(String account, Instant at) {
        return await(scene.postgres.inTransaction(connection ->
                ConnectedAccountRows.gone(connection, ACTOR, APP, account, at, ConnectedAccountRows.DEAUTHORIZED)));
    }

    private boolean isConnected(String account) {
        return await(accounts.list(APP, 0, 100)).stream()
                .filter(listed -> listed.account().equals(account))
                .anyMatch(listed -> listed.disconnectedAt() == null);
    }

    private Optional<String> next(String app) {
        return await(accounts.next(app, HOUR));
    }

    @Test
    void next_manyAccounts_eachHasItsTurnTheLongestWaitingFirst() {
        List.of("acct_a", "acct_b", "acct_c").forEach(account -> await(accounts.answered(APP, account)));
        await(accounts.answered(OTHER, "acct_a"));
        scene.database.execute(
                "UPDATE checkout_gateway.connected_accounts SET due_at = now() - interval '1 hour' WHERE account = 'acct_b'");
        scene.database.execute(
                "UPDATE checkout_gateway.connected_accounts SET due_at = now() - interval '1 minute' WHERE account = 'acct_c'");

        assertThat(List.of(next(APP), next(APP), next(APP), next(APP)))
                .containsExactly(Optional.of("acct_b"), Optional.of("acct_c"), Optional.of("acct_a"), Optional.empty());
        await(accounts.again(APP, "acct_c"));
        assertThat(next(APP)).contains("acct_c");
        assertThat(next(OTHER)).contains("acct_a");
        assertThat(await(accounts.connected(APP))).isEqualTo(3);
    }

    @Test
    void next_disconnectedAccount_hasNoTurn() {
        await(accounts.answered(APP, "acct_a"));
        assertThat(await(accounts.refused(APP, "acct_a"))).isTrue();
        assertThat(await(accounts.refused(APP, "acct_a"))).as("no news").isFalse();

        assertThat(next(APP)).isEmpty();
        assertThat(await(accounts.standing(List.of(APP, OTHER)))).isEqualTo(new Standing(0, 1, null));
        await(accounts.answered(APP, "acct_a"));
        assertThat(next(APP)).contains("acct_a");
    }

    @Test
    void refused_accountThatNobodyKnows_staysUnknown() {
        assertThat(await(accounts.refused(APP, "acct_typo"))).isFalse();

        assertThat(await(accounts.list(APP, 0, 10))).isEmpty();
    }

    @Test
    void seen_theAppsOwnAccount_isNoConnectedOne() {
        seen("acct_own", Instant.now());

        assertThat(await(accounts.list(APP, 0, 10))).isEmpty();
    }

    @Test
    void eventsOfOneAccount_inAnyOrder_endWithTheLatest() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        seen("acct_a", now.minusSeconds(30));
        assertThat(deauthorized("acct_a", now.minusSeconds(20))).isTrue();
        seen("acct_a", now.minusSeconds(25));
        assertThat(isConnected("acct_a")).as("an event of before").isFalse();
        seen("acct_a", now.minusSeconds(20));
        assertThat(isConnected("acct_a")).as("one of the same second").isFalse();
        seen("acct_a", now.minusSeconds(10));
        assertThat(isConnected("acct_a")).as("one of after").isTrue();

        assertThat(deauthorized("acct_a", now.minusSeconds(15))).as("late").isFalse();
        assertThat(isConnected("acct_a")).isTrue();
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
        List.of("acct_c", "acct_a", "acct_b").forEach(account -> await(accounts.answered(APP, account)));

        List<ConnectedAccount> first = await(accounts.list(APP, 0, 2));
        List<ConnectedAccount> rest = await(accounts.list(APP, first.get(1).number(), 2));

        assertThat(first).extracting(ConnectedAccount::account).containsExactly("acct_c", "acct_a");
        assertThat(rest).extracting(ConnectedAccount::account).containsExactly("acct_b");
        assertThat(await(accounts.list(OTHER, 0, 10))).isEmpty();
    }
}
