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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What comes first, where several messages could. */
class OrderedWebhooksTest {
    @AutoClose
    private static final OutgoingScene SCENE = OutgoingScene.start();

    @AutoClose
    private final StandardReceiver receiver = new StandardReceiver();

    private final JsonObject endpoint = SCENE.endpoint(receiver);

    @AfterEach
    void remove() {
        SCENE.delete(endpoint);
    }

    @Test
    void deliver_twoMessagesOfASession_theSecondWaitsForTheAnswerToTheFirst() {
        List<HttpServerRequest> held = new CopyOnWriteArrayList<>();
        receiver.answers(held::add);
        String session = OutgoingScene.anySession();
        String first = SCENE.newsOf(session, OPENED);
        String second = SCENE.newsOf(session, COMPLETED);
        String other = SCENE.news(COMPLETED);

        // Started before, since requests are held for no longer than their sender waits.
        try (TestGateway replica = SCENE.gateway().replica()) {
            Future<Void> round = SCENE.gateway().gateway().deliverNow();
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
        String first = SCENE.newsOf(session, OPENED);
        SCENE.deliver();
        SCENE.execute("UPDATE checkout_gateway.webhook_deliveries SET next_attempt_at = now() + interval '5 hours'");
        receiver.answersWith(200);
        String second = SCENE.newsOf(session, COMPLETED);
        SCENE.deliver();

        assertThat(receiver.ids()).containsExactly(first, second);
    }

    @Test
    void deliver_manyChangesOfASession_arriveInTheirOrder() {
        String session = OutgoingScene.anySession();
        List<String> ids = new ArrayList<>();
        IntStream.range(0, 12).forEach(change -> ids.add(SCENE.newsOf(session, COMPLETED)));

        Awaitility.await().until(() -> {
            SCENE.deliver();
            return receiver.ids().size() >= 12;
        });

        assertThat(receiver.ids()).containsExactlyElementsOf(ids);
    }

    @Test
    void deliver_historyDueBeforeNews_comesAfterThem() {
        IntStream.range(0, 20).forEach(old -> SCENE.news(OPENED));
        SCENE.execute("UPDATE checkout_gateway.feed SET data = data || '{\"source\": \"backfill\"}'" + " WHERE type = '"
                + OPENED + "'");
        receiver.answersWith(500);
        SCENE.execute("UPDATE checkout_gateway.webhook_endpoints SET not_before = now() + interval '1 hour'");
        SCENE.deliver();
        List<String> news =
                IntStream.range(0, 8).mapToObj(now -> SCENE.news(COMPLETED)).toList();
        SCENE.deliver();
        receiver.answersWith(200);

        SCENE.deliverLater();
        Awaitility.await().until(() -> receiver.ids().size() == 28);

        assertThat(receiver.ids().subList(0, 8)).containsExactlyInAnyOrderElementsOf(news);
    }
}
