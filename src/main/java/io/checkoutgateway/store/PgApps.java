package io.checkoutgateway.store;

import io.checkoutgateway.apps.AppStore;
import io.checkoutgateway.apps.StripeKey;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.Failures;
import io.checkoutgateway.secrets.Vault;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Apps in Postgres, for those who work with them. */
public final class PgApps implements AppStore {
    private static final Logger LOG = LoggerFactory.getLogger(PgApps.class);

    private static final String FIND_CONFIGURED =
            AppRows.SELECT + "WHERE a.namespace = #{namespace} AND a.livemode = #{livemode} AND a.configured";

    /** While it was not known, an event that named it made it a connected one. */
    private static final String CONFIRM_KEY =
            """
            WITH taken_for_connected AS (
                DELETE FROM connected_accounts WHERE account = #{account_id} AND app_id = #{id}
            ), swept AS (
                DELETE FROM catch_ups WHERE account = #{account_id} AND app_id = #{id}
            )
            UPDATE apps a
            SET stripe_account_id = #{account_id}, key_fingerprint = #{key_fingerprint},
                state = CASE state WHEN 'unauthorized' THEN 'ready' ELSE state END,
                updated_at = now(), version = version + 1
            WHERE id = #{id}
            RETURNING to_jsonb(a)::text AS snapshot
            """;

    private static final String FIND =
            AppRows.SELECT + "WHERE a.id = #{id} AND a.state IN ('ready', 'unauthorized') ORDER BY s.id DESC";

    private static final String FIND_EVEN_LEAVING = AppRows.SELECT
            + "WHERE a.id = #{id} AND a.state IN ('ready', 'unauthorized', 'leaving') ORDER BY s.id DESC";

    private static final String DEFAULT_OF =
            AppRows.SELECT + "WHERE a.namespace = #{namespace} AND a.is_default ORDER BY s.id DESC";

    private static final String ALL =
            AppRows.SELECT + "WHERE a.state IN ('ready', 'unauthorized') ORDER BY a.place, s.id DESC";

    private static final String COUNT_BY_STATE =
            "SELECT state, count(*) AS apps FROM apps WHERE state <> 'gone' GROUP BY state";

    private static final String UNAUTHORIZED =
            """
            UPDATE apps a
            SET state = 'unauthorized', updated_at = now(), version = version + 1
            WHERE id = #{id} AND version = #{version} AND state = 'ready'
            RETURNING to_jsonb(a)::text AS snapshot
            """;

    private static final String LOCK_ONE =
            "SELECT to_jsonb(a)::text AS snapshot FROM apps a WHERE id = #{id} FOR UPDATE";

    /** No row when another process has found another account to be the app's meanwhile. */
    private static final String LOCK_OF_ACCOUNT =
            """
            SELECT to_jsonb(a)::text AS snapshot FROM apps a
            WHERE id = #{id} AND coalesce(stripe_account_id, #{account_id}) = #{account_id}
            FOR UPDATE
            """;

    private final Postgres postgres;
    private final Vault vault;

    public PgApps(Postgres postgres, Vault vault) {
        this.postgres = postgres;
        this.vault = vault;
    }

    @Override
    public Future<Row> ensureConfigured(String id, String namespace, boolean livemode, StripeKey key) {
        Map<String, Object> parameters = Map.of(
                "id", id,
                "namespace", namespace,
                "livemode", livemode,
                "masked_api_key", key.masked(),
                "key_fingerprint", key.secret().fingerprint());
        return postgres.inTransaction(connection -> ConfiguredApps.configure(connection, parameters)
                        .compose(done -> Postgres.on(connection, FIND_CONFIGURED, parameters)))
                .compose(this::first)
                .map(Optional::orElseThrow);
    }

    @Override
    public Future<Optional<Row>> configured(String namespace, boolean livemode) {
        return postgres.query(FIND_CONFIGURED, Map.of("namespace", namespace, "livemode", livemode))
                .compose(this::first);
    }

    @Override
    public Future<Void> noneConfigured() {
        return postgres.inTransaction(ConfiguredApps::retireAll);
    }

    @Override
    public Future<Boolean> keyConfirmed(Actor actor, String id, String accountId, String fingerprint) {
        Map<String, Object> parameters = Map.of("id", id, "account_id", accountId, "key_fingerprint", fingerprint);
        return postgres.inTransaction(connection -> AuditRows.around(
                        connection,
                        actor,
                        "app.key_confirmed",
                        AppRows.resource(id),
                        LOCK_OF_ACCOUNT,
                        CONFIRM_KEY,
                        parameters)
                .compose(confirmed -> confirmed.isPresent()
                        ? ConnectedAccountRows.keyChanged(connection, id).map(true)
                        : Future.succeededFuture(false)));
    }

    @Override
    public Future<Optional<Row>> find(String id) {
        return postgres.query(FIND, Map.of("id", id)).compose(this::first);
    }

    @Override
    public Future<Optional<Row>> findEvenLeaving(String id) {
        return postgres.query(FIND_EVEN_LEAVING, Map.of("id", id)).compose(this::first);
    }

    @Override
    public Future<Optional<Row>> defaultOf(String namespace) {
        return postgres.query(DEFAULT_OF, Map.of("namespace", namespace)).compose(this::first);
    }

    private Future<Optional<Row>> first(io.vertx.sqlclient.RowSet<io.vertx.sqlclient.Row> rows) {
        return AppRows.byApp(rows).stream()
                .findFirst()
                .map(found -> AppRows.open(vault, found).map(Optional::of))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }

    @Override
    public Future<List<Row>> all() {
        return postgres.query(ALL, Map.of()).compose(rows -> {
            List<Future<Optional<Row>>> opened =
                    AppRows.byApp(rows).stream().map(this::openOrSkip).toList();
            return Future.join(opened).map(done -> opened.stream()
                    .map(Future::result)
                    .flatMap(Optional::stream)
                    .toList());
        });
    }

    private Future<Optional<Row>> openOrSkip(List<io.vertx.sqlclient.Row> rows) {
        return AppRows.open(vault, rows).map(Optional::of).otherwise(failure -> {
            Failures.note(
                            LOG.atError()
                                    .addKeyValue(
                                            "app",
                                            Objects.requireNonNull(rows.get(0).getString("id"))),
                            failure)
                    .log("an app's secrets cannot be read now");
            return Optional.empty();
        });
    }

    @Override
    public Future<Map<String, Long>> countByState() {
        return postgres.query(COUNT_BY_STATE, Map.of()).map(rows -> {
            Map<String, Long> counts = new HashMap<>();
            rows.forEach(row -> counts.put(row.getString("state"), row.getLong("apps")));
            return Map.copyOf(counts);
        });
    }

    @Override
    public Future<Void> unauthorized(Actor actor, String id, long version) {
        return postgres.inTransaction(connection -> AuditRows.around(
                        connection,
                        actor,
                        "app.unauthorized",
                        AppRows.resource(id),
                        LOCK_ONE,
                        UNAUTHORIZED,
                        Map.of("id", id, "version", version)))
                .mapEmpty();
    }
}
