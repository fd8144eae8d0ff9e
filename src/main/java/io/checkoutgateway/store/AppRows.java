package io.checkoutgateway.store;

import io.checkoutgateway.apps.App;
import io.checkoutgateway.apps.AppStore;
import io.checkoutgateway.apps.AppType;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.secrets.SecretOwner;
import io.checkoutgateway.secrets.Vault;
import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rows of apps and of their secrets, as steps of other classes' transactions. */
final class AppRows {
    private static final Logger LOG = LoggerFactory.getLogger(AppRows.class);

    /** The kinds of secrets; each is sealed for its kind and row. */
    static final String API_KEY = "app.api_key";

    static final String WEBHOOK_SECRET = "app.webhook_secret";

    /**
     * An app with the secrets that are good now, a row for each, for the one who works with it: its key, the secret of an
     * endpoint that somebody else made, whose row has the app's id, and those of the gateway's endpoints until they retire.
     */
    static final String SELECT =
            """
            SELECT a.id, a.namespace, a.type, a.stripe_account_id, a.livemode, a.configured, a.billing_profile, a.version, a.state,
                   a.key_fingerprint, a.lease, a.attempts, s.kind, s.id AS secret_id, s.sealed
            FROM apps a
            LEFT JOIN app_secrets s ON s.app_id = a.id AND (s.kind = 'app.api_key' OR s.id = a.id OR EXISTS (
                SELECT FROM app_webhooks w WHERE w.id = s.id AND (w.retire_at IS NULL OR w.retire_at > now())))
            """;

    /** An app as people see it. */
    static final String COLUMNS =
            """
            id, type, name, description, labels, stripe_account_id, livemode, masked_api_key, state, is_default, created_at,
            updated_at, version
            """;

    static final String AS_JSON = "SELECT to_jsonb(a)::text AS state FROM apps a WHERE id = #{id}";

    private static final String PUT_SECRET =
            """
            INSERT INTO app_secrets (kind, id, namespace, app_id, sealed)
            VALUES (#{kind}, #{id}, #{namespace}, #{app_id}, #{sealed})
            ON CONFLICT (kind, id) DO UPDATE SET sealed = excluded.sealed
            """;

    private AppRows() {}

    /** Stores a secret in place of the one that the row had. */
    static Future<Void> put(
            SqlClient client, Vault vault, String namespace, String appId, String kind, String id, Secret secret) {
        return Postgres.on(
                        client,
                        PUT_SECRET,
                        Map.of(
                                "kind", kind,
                                "id", id,
                                "namespace", namespace,
                                "app_id", appId,
                                "sealed", vault.seal(secret, new SecretOwner(namespace, kind, id))))
                .mapEmpty();
    }

    /** The rows of {@link #SELECT} by app, in their order. */
    static List<List<Row>> byApp(RowSet<Row> rows) {
        Map<String, List<Row>> byApp = new LinkedHashMap<>();
        rows.forEach(row -> byApp.computeIfAbsent(row.getString("id"), id -> new ArrayList<>())
                .add(row));
        return List.copyOf(byApp.values());
    }

    /**
     * An app and its secrets, without those that do not open: it must still be possible to give it others, and to remove
     * it. Fails while the data keys cannot be read.
     */
    static Future<AppStore.Row> open(Vault vault, List<Row> rows) {
        List<Row> sealed =
                rows.stream().filter(row -> row.getString("kind") != null).toList();
        List<Future<Optional<Secret>>> opened =
                sealed.stream().map(row -> open(vault, row)).toList();
        return Future.join(opened)
                .map(done ->
                        toRow(rows.get(0), secrets(sealed, opened, API_KEY), secrets(sealed, opened, WEBHOOK_SECRET)));
    }

    private static Future<Optional<Secret>> open(Vault vault, Row row) {
        SecretOwner owner =
                new SecretOwner(row.getString("namespace"), row.getString("kind"), row.getString("secret_id"));
        return vault.open(row.getBuffer("sealed"), owner)
                .map(Optional::of)
                .recover(failure -> unlessAway(row.getString("id"), owner, failure));
    }

    /** Only what is broken for good is left out: an app is not given up because the database is away for a moment. */
    private static Future<Optional<Secret>> unlessAway(String appId, SecretOwner owner, Throwable failure) {
        if (GatewayException.is(failure, Reason.INTERNAL)) {
            LOG.atError()
                    .addKeyValue("app", appId)
                    .addKeyValue("kind", owner.kind())
                    .addKeyValue("row", owner.id())
                    .setCause(failure)
                    .log("a secret cannot be opened");
            return Future.succeededFuture(Optional.empty());
        }
        return Future.failedFuture(failure);
    }

    private static List<Secret> secrets(List<Row> sealed, List<Future<Optional<Secret>>> opened, String kind) {
        List<Secret> secrets = new ArrayList<>();
        for (int place = 0; place < sealed.size(); place++) {
            if (kind.equals(sealed.get(place).getString("kind"))) {
                opened.get(place).result().ifPresent(secrets::add);
            }
        }
        return secrets;
    }

    private static AppStore.Row toRow(Row row, List<Secret> keys, List<Secret> webhookSecrets) {
        return new AppStore.Row(
                row.getString("id"),
                row.getString("namespace"),
                type(row),
                row.getString("stripe_account_id"),
                row.getBoolean("livemode"),
                row.getBoolean("configured"),
                row.getBoolean("billing_profile"),
                keys.isEmpty() ? null : keys.get(0),
                webhookSecrets,
                row.getString("key_fingerprint"),
                row.getLong("version"));
    }

    static App toApp(Row row) {
        return new App(
                row.getString("id"),
                type(row),
                row.getString("name"),
                row.getString("description"),
                Rows.strings(row.getJsonObject("labels")),
                row.getString("stripe_account_id"),
                row.getBoolean("livemode"),
                row.getString("masked_api_key"),
                row.getString("state").equals("ready"),
                row.getBoolean("is_default"),
                Rows.instantOf(row, "created_at"),
                Rows.instantOf(row, "updated_at"),
                row.getLong("version"));
    }

    private static AppType type(Row row) {
        return AppType.valueOf(row.getString("type").toUpperCase(Locale.ROOT));
    }

    /** The app's row as the audit trail takes it; {@code null} when there is none. */
    static Future<@Nullable String> asJson(SqlClient client, String id) {
        return Postgres.on(client, AS_JSON, Map.of("id", id))
                .map(rows -> Rows.first(rows).map(row -> row.getString("state")).orElse(null));
    }

    static String resource(String id) {
        return "app:" + Objects.requireNonNull(id);
    }
}
