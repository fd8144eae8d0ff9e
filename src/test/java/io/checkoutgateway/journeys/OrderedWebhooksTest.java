package io.checkoutgateway.journeys;

import static io.checkoutgateway.journeys.OutgoingScene.COMPLETED;
import static io.checkoutgateway.journeys.OutgoingScene.OPENED;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.StandardReceiver;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What comes first, where several messages could. */
class OrderedWebhooksTest {
    private static OutgoingScene scene;

    private StandardReceiver receiver;
    private JsonObject endpoint;

    @BeforeAll
    static void start() {
        scene = OutgoingScene.start();
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @BeforeEach
    void register() {
        receiver = new StandardReceiver();
        endpoint = scene.endpoint(receiver);
    }

    @AfterEach
    void remove() {
        scene.delete(endpoint);
        receiver.close();
    }

    @Test
    void deliver_twoMessagesOfASession_theSecondWaitsForTheAnswerToTheFirst() {
        List<HttpServerRequest> held = new CopyOnWriteArrayList<>();
        receiver.answers(held::add);
        String session = OutgoingScene.anySession();
        String first = scene.newsOf(session, OPENED);
        String second = scene.newsOf(session, COMPLETED);
        String other = scene.news(COMPLETED);

        // Started before, since requests are held for no longer than their sender waits.
        try (TestGateway replica = scene.gateway().replica()) {
            Future<Void> round = scene.gateway().gateway().deliverNow();
            Awaitility.await().until(() -> held.size() == 2);
            TestGateway.await(replica.gateway().deliverNow());
            assertThat(receiver.ids()).as("neither beside it nor by a replica").containsExactlyInAnyOrder(first, other);

            receiver.answersWith(200);
            held.forEach(request -> request.response().end());
            TestGateway.await(round);
        }
        Awaitility.await().until(() -> receiver.ids().contains(second));
    }

    @Test
    void deliver_sessionWhoseFirstMessageFailed_doesNotWaitForItsRepetition() {
        receiver.answersWith(500);
        String session = OutgoingScene.anySession();
        String first = scene.newsOf(session, OPENED);
        scene.deliver();
        scene.execute("UPDATE checkout_gateway.webhook_deliveries SET next_attempt_at = now() + interval '5 hours'");
        receiver.answersWith(200);
        String second = scene.newsOf(session, COMPLETED);
        scene.deliver();

        assertThat(receiver.ids()).containsExactly(first, second);
    }

    @Test
    void deliver_manyChangesOfASession_arriveInTheirOrder() {
        String session = OutgoingScene.anySession();
        List<String> ids = new ArrayList<>();
        IntStream.range(0, 12).forEach(change -> ids.add(scene.newsOf(session, COMPLETED)));

        Awaitility.await().until(() -> {
            scene.deliver();
            return receiver.ids().size() >= 12;
        });

        assertThat(receiver.ids()).containsExactlyElementsOf(ids);
    }

    @Test
    void deliver_historyDueBeforeNews_comesAfterThem() {
        IntStream.range(0, 20).forEach(old -> scene.news(OPENED));
        scene.execute("UPDATE checkout_gateway.feed SET data = data || '{\"source\": \"backfill\"}'" + " WHERE type = '"
                + OPENED + "'");
        receiver.answersWith(500);
        scene.execute("UPDATE checkout_gateway.webhook_endpoints SET not_before = now() + interval '1 hour'");
        scene.deliver();
        List<String> news =
                IntStream.range(0, 8).mapToObj(now -> scene.news(COMPLETED)).toList();
        scene.deliver();
        receiver.answersWith(200);

        scene.deliverLater();
        Awaitility.await().until(() -> receiver.ids().size() == 28);

        assertThat(receiver.ids().subList(0, 8)).containsExactlyInAnyOrderElementsOf(news);
    }
}
