package io.checkoutgateway.store;

import io.checkoutgateway.apps.DefaultApp;
import io.checkoutgateway.apps.DefaultAppStore;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The default apps of namespaces in Postgres: a mark on their rows. An app's place, which is its own, is its version. */
public final class PgDefaultApps implements DefaultAppStore {
    private static final String FIND = "SELECT id, place FROM apps WHERE namespace = #{namespace} AND is_default";

    private static final String LOCK =
            """
            SELECT id, place, state, is_default, billing_profile, to_jsonb(a)::text AS snapshot
            FROM apps a
            WHERE namespace = #{namespace} AND id = #{id} AND state IN ('ready', 'unauthorized')
              AND (NOT configured OR billing_profile)
            FOR UPDATE
            """;

    private static final String CHOOSE =
            """
            UPDATE apps a
            SET is_default = true, updated_at = now(), version = version + 1
            WHERE id = #{id}
            RETURNING to_jsonb(a)::text AS snapshot
            """;

    private final Postgres postgres;

    public PgDefaultApps(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<Optional<DefaultApp>> find(String namespace) {
        return postgres.query(FIND, Map.of("namespace", namespace))
                .map(rows -> Rows.first(rows).map(PgDefaultApps::toDefaultApp));
    }

    @Override
    public Future<Optional<DefaultApp>> choose(Actor actor, String appId, Predicate<Optional<Long>> replaceable) {
        Map<String, Object> parameters = Map.of("namespace", actor.namespace(), "id", appId);
        // Installs and removals decide on the default under the same lock.
        return postgres.inTransaction(connection -> AppBeginnings.lock(connection, actor.namespace())
                .compose(locked -> Postgres.on(connection, FIND, parameters))
                .map(rows -> checked(Rows.first(rows).map(PgDefaultApps::toDefaultApp), replaceable))
                .compose(present -> Postgres.on(connection, LOCK, parameters).compose(found -> Rows.first(found)
                        .map(row ->
                                choose(connection, actor, present, able(row)).map(Optional::of))
                        .orElseGet(() -> Future.succeededFuture(Optional.empty())))));
    }

    private static Optional<DefaultApp> checked(Optional<DefaultApp> present, Predicate<Optional<Long>> replaceable) {
        if (!replaceable.test(present.map(DefaultApp::version))) {
            throw new GatewayException(
                    Reason.PRECONDITION_FAILED, "The default app has changed meanwhile; read it again");
        }
        return present;
    }

    private static Row able(Row row) {
        if (!row.getBoolean("billing_profile")) {
            throw new GatewayException(
                    Reason.CONFLICT, "The app was installed without a billing profile and serves no customers");
        }
        if (row.getString("state").equals("unauthorized")) {
            throw new GatewayException(Reason.CONFLICT, "Stripe refuses the app's key; give it another one first");
        }
        return row;
    }

    /** Who chooses what is chosen changes nothing, and leaves no entry. */
    private static Future<DefaultApp> choose(
            SqlConnection connection, Actor actor, Optional<DefaultApp> present, Row wanted) {
        DefaultApp chosen = toDefaultApp(wanted);
        return wanted.getBoolean("is_default")
                ? Future.succeededFuture(chosen)
                : present.map(before -> DefaultAppRows.displace(connection, actor, before.appId()))
                        .orElseGet(Future::succeededFuture)
                        .compose(roomy -> Postgres.on(connection, CHOOSE, Map.of("id", chosen.appId())))
                        .compose(rows -> AuditRows.append(
                                connection,
                                actor,
                                "app.default_chosen",
                                AppRows.resource(chosen.appId()),
                                wanted.getString(AuditRows.SNAPSHOT),
                                rows.iterator().next().getString(AuditRows.SNAPSHOT)))
                        .map(chosen);
    }

    private static DefaultApp toDefaultApp(Row row) {
        return new DefaultApp(row.getString("id"), row.getLong("place"));
    }
}
