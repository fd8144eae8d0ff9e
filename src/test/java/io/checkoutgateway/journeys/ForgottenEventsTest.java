package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.GatewayExtension;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Stripe has forgotten events of more accounts than backfills are begun for in a round. */
class ForgottenEventsTest {
    private static final int ACCOUNTS = 25;
    private static final String ACCOUNT = "acct_1Forgotten00000%02d";

    @RegisterExtension
    static final GatewayExtension GATEWAY = new GatewayExtension();

    private static void round() {
        Awaitility.await()
                .until(() -> await(GATEWAY.get().gateway().catchUpNow()).looked());
    }

    /** In one transaction: a round finds all or none. */
    private static void forget() {
        for (int account = 0; account < ACCOUNTS; account++) {
            GATEWAY.sandbox().connect(ACCOUNT.formatted(account));
        }
        GATEWAY.database()
                .execute(
                        """
                        WITH known AS (
                            INSERT INTO checkout_gateway.connected_accounts (app_id, account, seen_at, due_at)
                            SELECT id, 'acct_1Forgotten00000' || to_char(n, 'FM00'), now(), now() + interval '1 day'
                            FROM checkout_gateway.apps, generate_series(0, %d) n
                            RETURNING app_id, account
                        )
                        INSERT INTO checkout_gateway.catch_ups (app_id, account, gap_from, gap_to)
                        SELECT app_id, account, now() - interval '32 days', now() - interval '31 days' FROM known
                        """
                                .formatted(ACCOUNTS - 1));
    }

    private static List<List<String>> backfills() {
        return GATEWAY.database()
                .rows("SELECT account FROM checkout_gateway.mirror_runs WHERE account LIKE 'acct_1Forgotten%'");
    }

    @Test
    void catchUp_manyAccountsWithGaps_beginsSomeInEachRoundUntilAllAreClosed() {
        // What every start begins with is over.
        round();
        forget();

        round();
        assertThat(backfills()).hasSize(20);
        round();
        assertThat(backfills()).hasSize(ACCOUNTS);

        Awaitility.await().untilAsserted(() -> {
            await(GATEWAY.get().gateway().mirrorNow());
            round();
            assertThat(GATEWAY.database()
                            .rows("SELECT account FROM checkout_gateway.catch_ups WHERE gap_from IS NOT NULL"))
                    .isEmpty();
        });
        assertThat(backfills()).as("one for each").hasSize(ACCOUNTS);
    }
}
