package io.checkoutgateway.store;

import io.checkoutgateway.outgoing.SigningSecrets;
import io.checkoutgateway.secrets.SecretOwner;
import io.checkoutgateway.secrets.Vault;
import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rows of {@code webhook_secrets}, each sealed for itself. */
final class WebhookSecrets {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookSecrets.class);

    private static final String KIND = "webhook_endpoint.secret";
    static final String KIND_SQL = "'" + KIND + "'";
    static final String NAMESPACE_SQL = "(SELECT e.namespace FROM webhook_endpoints e WHERE e.id = t.endpoint_id)";
    static final String ID_SQL = "t.endpoint_id || '/' || t.id";

    /** The number comes first, since the secret is sealed for its row. */
    private static final String NEXT = "SELECT nextval(pg_get_serial_sequence('webhook_secrets', 'id')) AS id";

    private static final String ADD =
            """
            INSERT INTO webhook_secrets (endpoint_id, id, secret) OVERRIDING SYSTEM VALUE
            VALUES (#{endpoint_id}, #{id}, #{secret})
            """;

    private WebhookSecrets() {}

    static Future<Void> add(SqlClient client, Vault vault, String namespace, String endpointId, Secret secret) {
        return Postgres.on(client, NEXT, Map.of())
                .map(rows -> rows.iterator().next().getLong("id"))
                .compose(id -> Postgres.on(
                        client,
                        ADD,
                        Map.of(
                                "endpoint_id",
                                endpointId,
                                "id",
                                id,
                                "secret",
                                vault.seal(secret, owner(namespace, endpointId, id)))))
                .mapEmpty();
    }

    /**
     * The secrets of these rows, without those that do not open: a new one must do even while an old one, which somebody
     * has altered, is still live.
     */
    static Future<SigningSecrets> open(
            Vault vault, String namespace, String endpointId, List<Long> ids, List<Buffer> ciphertexts) {
        List<Future<Optional<Secret>>> opening = IntStream.range(0, ids.size())
                .mapToObj(i -> open(vault, owner(namespace, endpointId, ids.get(i)), ciphertexts.get(i)))
                .toList();
        return Future.join(opening)
                .map(opened -> new SigningSecrets(opening.stream()
                        .map(Future::result)
                        .flatMap(Optional::stream)
                        .toList()));
    }

    private static Future<Optional<Secret>> open(Vault vault, SecretOwner owner, Buffer ciphertext) {
        return vault.open(ciphertext, owner).map(Optional::of).otherwise(failure -> {
            LOG.atError()
                    .addKeyValue("kind", owner.kind())
                    .addKeyValue("row", owner.id())
                    .setCause(failure)
                    .log("a secret cannot be opened");
            return Optional.empty();
        });
    }

    private static SecretOwner owner(String namespace, String endpointId, long id) {
        return new SecretOwner(namespace, KIND, endpointId + "/" + id);
    }
}
