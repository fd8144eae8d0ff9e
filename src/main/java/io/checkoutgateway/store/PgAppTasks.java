package io.checkoutgateway.store;

import io.checkoutgateway.apps.AppAnswers;
import io.checkoutgateway.apps.AppTask;
import io.checkoutgateway.apps.AppTask.Webhook;
import io.checkoutgateway.apps.AppTaskStore;
import io.checkoutgateway.apps.AppType;
import io.checkoutgateway.apps.StripeAccountCalls;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.checkoutgateway.secrets.Vault;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Installs, registrations and removals in Postgres: whose they are while Stripe is called. How they begin is
 * {@link AppBeginnings}'s and {@link AppRegistration}'s, how they end {@link AppTaskEnds}'s.
 */
public final class PgAppTasks implements AppTaskStore {
    private static final String CLAIM =
            """
            UPDATE apps
            SET due_at = now() + make_interval(secs => #{lease_seconds}::float8),
                lease = nextval('create_leases'),
                attempts = attempts + 1
            WHERE id = (SELECT id FROM apps WHERE due_at <= now() ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING id
            """;

    private static final String CLAIM_ONE =
            """
            UPDATE apps
            SET due_at = now() + make_interval(secs => #{lease_seconds}::float8),
                lease = nextval('create_leases'),
                attempts = attempts + 1
            WHERE id = #{id} AND state = 'installing' AND due_at <= now()
            RETURNING id
            """;

    private static final String WAIT =
            "SELECT greatest(1, extract(epoch FROM due_at - now()))::float8 AS seconds FROM apps WHERE id = #{id}";

    /** What cannot even be read must not stand in the others' way. */
    private static final String POSTPONE = "UPDATE apps SET due_at = now() + interval '5 minutes' WHERE id = #{id}";

    private final Postgres postgres;
    private final Vault vault;
    private final AppTaskEnds ends;

    public PgAppTasks(Postgres postgres, Vault vault) {
        this.postgres = postgres;
        this.vault = vault;
        this.ends = new AppTaskEnds(postgres, vault);
    }

    @Override
    public Future<Optional<Begun>> repeated(String namespace, IdempotencyKey key, Duration lease) {
        return postgres.inTransaction(connection -> PgIdempotencyKeys.find(connection, namespace, key)
                        .compose(found -> found.map(used ->
                                        met(connection, used, key, lease).map(Optional::of))
                                .orElseGet(() -> Future.succeededFuture(Optional.empty()))))
                .compose(this::opened);
    }

    private Future<Optional<Begun>> opened(Optional<SealedBegun> begun) {
        return begun.map(found -> found.open(vault).map(Optional::of))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }

    private static Future<SealedBegun> met(
            SqlConnection connection, PgIdempotencyKeys.Used used, IdempotencyKey key, Duration lease) {
        if (!used.sameRequest(key)) {
            return Future.failedFuture(PgIdempotencyKeys.reused());
        }
        return used.answer().isPresent()
                ? Future.succeededFuture(SealedBegun.known(used.answer()))
                : takenOver(
                        connection, Objects.requireNonNull(used.sessionId(), "an install's key names its app"), lease);
    }

    private static Future<SealedBegun> takenOver(SqlConnection connection, String id, Duration lease) {
        return Postgres.on(connection, CLAIM_ONE, Map.of("id", id, "lease_seconds", Rows.seconds(lease)))
                .compose(claimed -> claimed.size() == 1
                        ? AppTaskRows.find(connection, id).map(SealedBegun::toDo)
                        : Postgres.on(connection, WAIT, Map.of("id", id))
                                .map(rows -> SealedBegun.busy(wait(Rows.first(rows)))));
    }

    private static Duration wait(Optional<Row> row) {
        return row.map(found -> found.getDouble("seconds"))
                .map(seconds -> Duration.ofMillis((long) (seconds * 1000)))
                .orElse(Duration.ofSeconds(1));
    }

    @Override
    public Future<Optional<String>> former(String namespace, AppType type, String accountId, boolean livemode) {
        return postgres.query(
                        AppReturns.FORMER,
                        Map.of(
                                "namespace",
                                namespace,
                                "type",
                                type.word(),
                                "account_id",
                                accountId,
                                "livemode",
                                livemode))
                .map(rows -> Rows.first(rows).map(row -> row.getString("id")));
    }

    @Override
    public Future<Begun> begin(Install install, Optional<IdempotencyKey> key, Duration lease, int most) {
        return postgres.inTransaction(connection -> key.map(given -> once(connection, install, given, lease, most))
                        .orElseGet(() -> begin(connection, install, lease, most)))
                .recover(AppBeginnings::explained)
                .compose(begun -> begun.open(vault));
    }

    private Future<SealedBegun> once(
            SqlConnection connection, Install install, IdempotencyKey key, Duration lease, int most) {
        return PgIdempotencyKeys.claim(connection, install.actor().namespace(), key, install.id())
                .compose(used ->
                        used.anew() ? begin(connection, install, lease, most) : met(connection, used, key, lease));
    }

    private Future<SealedBegun> begin(SqlConnection connection, Install install, Duration lease, int most) {
        return AppBeginnings.install(connection, vault, install, Rows.seconds(lease), most)
                .compose(begun -> AppTaskRows.find(connection, install.id()))
                .map(SealedBegun::toDo);
    }

    @Override
    public Future<Optional<Begun>> repeatedRegistration(String namespace, IdempotencyKey key) {
        return postgres.inTransaction(connection -> PgIdempotencyKeys.find(connection, namespace, key))
                .map(found -> found.map(used -> AppRegistration.met(used, key)))
                .compose(this::opened);
    }

    @Override
    public Future<Optional<Begun>> beginRegistration(
            Actor actor,
            Optional<IdempotencyKey> key,
            String appId,
            NewWebhook webhook,
            Duration lease,
            int most,
            AppAnswers answers) {
        return postgres.inTransaction(connection -> {
                    AppRegistration registration =
                            new AppRegistration(connection, actor, appId, webhook, lease, most, answers);
                    return key.map(registration::once).orElseGet(registration::begin);
                })
                .compose(this::opened);
    }

    @Override
    public Future<Optional<AppTask>> retireConnectEndpoints(Actor actor, String appId, Duration lease) {
        return taskIfBegun(
                appId, connection -> AppBeginnings.retirement(connection, actor, appId, Rows.seconds(lease)));
    }

    @Override
    public Future<Optional<AppTask>> beginRemoval(Actor actor, String appId, Duration lease) {
        return taskIfBegun(appId, connection -> AppBeginnings.removal(connection, actor, appId, Rows.seconds(lease)));
    }

    private Future<Optional<AppTask>> taskIfBegun(String appId, Function<SqlConnection, Future<Boolean>> begin) {
        return postgres.inTransaction(connection -> begin.apply(connection)
                        .compose(begun -> begun
                                ? AppTaskRows.find(connection, appId).map(Optional::of)
                                : Future.succeededFuture(Optional.<AppTaskRows.Sealed>empty())))
                .compose(found -> found.map(task -> task.open(vault).map(Optional::of))
                        .orElseGet(() -> Future.succeededFuture(Optional.empty())));
    }

    @Override
    public Future<Optional<AppTask>> claim(Duration lease) {
        return postgres.query(CLAIM, Map.of("lease_seconds", Rows.seconds(lease)))
                .compose(claimed -> Rows.first(claimed)
                        .map(row -> readOrPostpone(row.getString("id")).map(Optional::of))
                        .orElseGet(() -> Future.succeededFuture(Optional.empty())));
    }

    private Future<AppTask> readOrPostpone(String id) {
        return postgres.inTransaction(connection -> AppTaskRows.find(connection, id))
                .compose(task -> task.open(vault))
                .recover(failure -> postgres.query(POSTPONE, Map.of("id", id))
                        .transform(postponed -> Future.failedFuture(failure)));
    }

    @Override
    public Future<Optional<StoredAnswer>> installed(
            AppTask task,
            @Nullable String webhookId,
            StripeAccountCalls.@Nullable Registered registered,
            AppAnswers answers) {
        return ends.installed(task, webhookId, registered, answers);
    }

    @Override
    public Future<Optional<StoredAnswer>> registered(
            AppTask task, Webhook webhook, StripeAccountCalls.Registered registered, AppAnswers answers) {
        return ends.registered(task, webhook, registered, answers);
    }

    @Override
    public Future<Void> removed(AppTask task, String webhookId) {
        return ends.removed(task, webhookId);
    }

    @Override
    public Future<Void> done(AppTask task) {
        return ends.done(task);
    }

    @Override
    public Future<Boolean> gone(AppTask task, Duration createsBegin) {
        return ends.gone(task, createsBegin);
    }

    @Override
    public Future<Void> undone(AppTask task) {
        return ends.undone(task);
    }

    @Override
    public Future<Void> abandon(AppTask task) {
        return ends.abandon(task);
    }

    @Override
    public Future<Void> failed(AppTask task, Duration pause) {
        return ends.failed(task, pause);
    }
}
