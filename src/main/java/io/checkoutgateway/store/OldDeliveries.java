package io.checkoutgateway.store;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;

/** Deliveries that nobody will attempt any more: put aside, and forgotten in time. */
final class OldDeliveries {
    private static final String SKIP =
            """
            UPDATE webhook_deliveries d
            SET state = 'skipped', settled_at = now()
            FROM (
                SELECT p.endpoint_id, p.position
                FROM webhook_endpoints e
                CROSS JOIN LATERAL (
                    SELECT endpoint_id, position
                    FROM webhook_deliveries
                    WHERE endpoint_id = e.id AND state = 'pending'
                    LIMIT #{most}
                    FOR UPDATE SKIP LOCKED
                ) p
                WHERE e.state = 'disabled'
                LIMIT #{most}
            ) left_over
            WHERE d.endpoint_id = left_over.endpoint_id AND d.position = left_over.position
            """;

    private static final String FORGET_OLD =
            """
            DELETE FROM webhook_deliveries d
            USING (
                SELECT endpoint_id, position
                FROM webhook_deliveries
                WHERE settled_at < now() - make_interval(secs => #{retention_seconds})
                ORDER BY settled_at
                LIMIT #{most}
                FOR UPDATE SKIP LOCKED
            ) old
            WHERE d.endpoint_id = old.endpoint_id AND d.position = old.position
            """;

    private static final String FORGET_OF_REMOVED =
            """
            DELETE FROM webhook_deliveries d
            USING (
                SELECT p.endpoint_id, p.position
                FROM webhook_endpoints e
                JOIN webhook_deliveries p ON p.endpoint_id = e.id
                WHERE e.state = 'deleted'
                LIMIT #{most}
            ) orphaned
            WHERE d.endpoint_id = orphaned.endpoint_id AND d.position = orphaned.position
            """;

    private static final String FORGET_REMOVED =
            """
            DELETE FROM webhook_endpoints e
            WHERE e.state = 'deleted' AND NOT EXISTS (SELECT FROM webhook_deliveries WHERE endpoint_id = e.id)
            """;

    private static final String FORGET_SECRETS = "DELETE FROM webhook_secrets WHERE expires_at <= now()";

    private final Postgres postgres;

    OldDeliveries(Postgres postgres) {
        this.postgres = postgres;
    }

    /** Settles what waits for endpoints that are disabled; answers how many, {@code most} at most. */
    Future<Integer> skip(int most) {
        return count(SKIP, Map.of("most", most));
    }

    /** Forgets what was settled so long ago, and removed endpoints with all that is left of them; answers as skip. */
    Future<Integer> forget(Duration retention, int most) {
        return count(FORGET_OLD, Map.of("retention_seconds", Rows.seconds(retention), "most", most))
                .compose(old -> count(FORGET_OF_REMOVED, Map.of("most", most))
                        .compose(orphaned -> count(FORGET_REMOVED, Map.of())
                                .compose(removed -> count(FORGET_SECRETS, Map.of()))
                                .map(Math.max(old, orphaned))));
    }

    private Future<Integer> count(String sql, Map<String, Object> parameters) {
        return postgres.query(sql, parameters).map(rows -> rows.rowCount());
    }
}
