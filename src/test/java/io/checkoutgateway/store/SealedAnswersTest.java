package io.checkoutgateway.store;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.checkout.PortalJournal.Claim;
import io.checkoutgateway.checkout.PortalSession;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.checkoutgateway.outgoing.EndpointUrl;
import io.checkoutgateway.outgoing.NewWebhookEndpoint;
import io.checkoutgateway.secrets.KeysetVault;
import io.checkoutgateway.secrets.Rotation;
import io.checkoutgateway.secrets.SealingKeys;
import io.checkoutgateway.settings.Secret;
import io.checkoutgateway.settings.SecretsSettings;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Repetitions just after the data keys were rotated by another process: who opens a kept answer looks for the data keys,
 * and has only one connection to do all of it with.
 */
class SealedAnswersTest {
    private static final Secret KEY = SealingKeys.generate(new SecureRandom());
    private static final Actor ACTOR = Actor.gateway("test", "test");
    private static final NewWebhookEndpoint ENDPOINT =
            new NewWebhookEndpoint(EndpointUrl.of("https://1.1.1.1/hooks"), null, List.of());
    private static final StoredAnswer ANSWER = new StoredAnswer(201, "application/json", Buffer.buffer("{\"a\":1}"));

    private final StoreScene scene = new StoreScene();
    private KeysetVault vault = vault(scene.narrow);

    @BeforeEach
    void start() {
        await(vault.start());
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private static KeysetVault vault(Postgres postgres) {
        return new KeysetVault(new PgKeysets(postgres), SealingKeys.of(new SecretsSettings(List.of(KEY))));
    }

    private static Optional<IdempotencyKey> key(String operation) {
        return Optional.of(new IdempotencyKey(operation, "once", Buffer.buffer(new byte[32])));
    }

    private void rotateElsewhere() {
        KeysetVault other = vault(scene.postgres);
        await(other.start());
        Rotation rotation = new Rotation(other, new PgSealedRows(scene.postgres));
        await(rotation.begin(ACTOR));
        assertThat(await(rotation.reseal()).unreadable()).isZero();
    }

    private Answered add(PgWebhookEndpoints endpoints) {
        return await(endpoints.add(
                "01ARZ3NDEKTSV4RRFFQ69G5FAV",
                ACTOR,
                ENDPOINT,
                Secret.of("whsec_of_the_test"),
                50,
                key("create-webhook-endpoint"),
                Future.succeededFuture(),
                added -> ANSWER));
    }

    @Test
    void createOfAnEndpoint_repeatedWithTheOnlyConnection_isAnswered() {
        PgWebhookEndpoints endpoints = new PgWebhookEndpoints(scene.narrow, vault);
        Answered first = add(endpoints);
        rotateElsewhere();

        Answered again = add(endpoints);

        assertThat(first).isEqualTo(Answered.first(ANSWER));
        assertThat(again).isEqualTo(new Answered(ANSWER, true));
    }

    @Test
    void portal_repeatedWithTheOnlyConnection_isAnswered() {
        PgPortalJournal journal = new PgPortalJournal(scene.narrow, vault);
        PortalSession opened = new PortalSession(
                "bps_1", "cus_1", "bpc_1", false, Instant.EPOCH, null, null, "https://billing.stripe.com/p/1");
        Claim claim = await(journal.claim("test", key("create-portal"), "01ARZ3NDEKTSV4RRFFQ69G5FAV"));
        Answered first = await(journal.opened(ACTOR, claim, opened, ANSWER));
        rotateElsewhere();

        Claim again = await(journal.claim("test", key("create-portal"), "01ARZ3NDEKTSV4RRFFQ69G5FAW"));
        Answered late = await(journal.opened(ACTOR, claim, opened, ANSWER));

        assertThat(first).isEqualTo(Answered.first(ANSWER));
        assertThat(again).isEqualTo(new Claim(claim.id(), Optional.of(ANSWER)));
        assertThat(late).isEqualTo(new Answered(ANSWER, true));
    }
}
