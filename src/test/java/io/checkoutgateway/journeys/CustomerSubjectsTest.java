package io.checkoutgateway.journeys;

import static io.checkoutgateway.journeys.CustomerScene.create;
import static io.checkoutgateway.journeys.CustomerScene.created;
import static io.checkoutgateway.journeys.CustomerScene.named;
import static io.checkoutgateway.journeys.CustomerScene.put;
import static io.checkoutgateway.journeys.CustomerScene.together;
import static io.checkoutgateway.journeys.CustomerScene.unique;
import static io.checkoutgateway.journeys.CustomerScene.withSubjects;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A subject belongs to one customer, whoever wants it and however many at once. */
class CustomerSubjectsTest {
    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension();

    private final ContractClient client = GATEWAY.client();

    @Test
    void subjectKey_ofAnotherCustomer_is409AndChangesNothing() {
        String taken = unique("subject");
        created(client, withSubjects(taken));
        String path = created(client, withSubjects(unique("mine")));
        Answer before = client.get(path);

        Answer refused = put(client, path, withSubjects(unique("new"), taken)).expect(409);

        assertThat(refused.json().getString("code")).isEqualTo("conflict");
        assertThat(client.get(path).body()).isEqualTo(before.body());
        create(client, withSubjects(taken)).expect(409);
    }

    @Test
    void subjectKey_leftOut_isFree() {
        String subject = unique("subject");
        String kept = unique("kept");
        String path = created(client, withSubjects(subject, kept));

        put(client, path, withSubjects(kept)).expect(200);

        create(client, withSubjects(subject)).expect(201);
        create(client, withSubjects(kept)).expect(409);
    }

    @Test
    void subjectKeys_swappedByTwoAtOnce_endUpWithOneOfThemEach() {
        String left = unique("left");
        String right = unique("right");
        String first = created(client, withSubjects(left));
        String second = created(client, withSubjects(right));

        for (int round = 0; round < 2; round++) {
            List<Answer> answers = together(List.of(
                    () -> put(client, first, withSubjects(right)), () -> put(client, second, withSubjects(left))));

            assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isIn(200, 409));
            put(client, first, named("ACME")).expect(200);
            put(client, second, withSubjects(right)).expect(200);
            put(client, first, withSubjects(left)).expect(200);
        }
    }

    @Test
    void subjectKey_givenTwice_isRefusedByPlace() {
        Answer refused = create(client, withSubjects("a", "b", "a")).expect(400);

        assertThat(refused.json().getJsonArray("invalid_parameters").encode())
                .contains("\"usage_attribution.subject_keys.2\"", "unique_items", "/usage_attribution/subject_keys/2");
        put(client, created(client, named("ACME")), withSubjects("a", "a")).expect(400);
    }

    @Test
    void subjectKeys_empty_areKeptApartFromNone() {
        assertThat(create(client, withSubjects()).expect(201).json().getJsonObject("usage_attribution"))
                .isEqualTo(new JsonObject().put("subject_keys", new JsonArray()));
        assertThat(create(client, named("ACME")).expect(201).json().containsKey("usage_attribution"))
                .isFalse();
    }

    /**
     * Another transaction holds the subject that the change wants, and wants one that the change has freed. A row that is
     * locked elsewhere holds the change up between the two.
     */
    @Test
    void upsertCustomer_waitingForWhoWaitsForIt_is409ToBeRepeated() throws SQLException {
        String first = unique("a");
        String second = unique("b");
        String wanted = unique("c");
        String path = created(client, withSubjects(first, second));
        String other = created(client, named("Other"));
        try (Connection holder = GATEWAY.database().connect();
                Connection rival = GATEWAY.database().connect()) {
            holder.setAutoCommit(false);
            rival.setAutoCommit(false);
            execute(holder, "SELECT 1 FROM customer_subjects WHERE subject_key = '%s' FOR UPDATE".formatted(second));
            execute(rival, "SET deadlock_timeout = '10min'");
            execute(rival, owning(wanted, other));
            CompletableFuture<Answer> change =
                    CompletableFuture.supplyAsync(() -> put(client, path, withSubjects(wanted)));
            awaitWaiting(1);
            CompletableFuture<Void> rivalry = CompletableFuture.runAsync(() -> execute(rival, owning(first, other)));
            awaitWaiting(2);
            holder.rollback();

            Answer refused = change.join().expect(409);

            assertThat(refused.json().getString("code")).isEqualTo("conflict");
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(rivalry.handle((done, failure) -> failure).join())
                    .as("the change is undone")
                    .hasMessageContaining("customer_subjects_pkey");
            rival.rollback();
        }
        put(client, path, withSubjects(wanted)).expect(200);
    }

    private static String owning(String subjectKey, String customer) {
        return "INSERT INTO customer_subjects (namespace, subject_key, customer_id) VALUES ('%s', '%s', '%s')"
                .formatted(TestGateway.NAMESPACE, subjectKey, customer.substring(customer.length() - 26));
    }

    private static void execute(Connection connection, String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitWaiting(int connections) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(20))
                .until(() -> GATEWAY.database()
                                .rows("SELECT pid FROM pg_stat_activity"
                                        + " WHERE datname = current_database() AND wait_event_type = 'Lock'")
                                .size()
                        == connections);
    }
}
