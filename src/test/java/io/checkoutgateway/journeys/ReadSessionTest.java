package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.GatewayExtension;
import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One session, by either id, and only when it has changed. */
class ReadSessionTest {
    private static final String SESSIONS = "/api/v1/checkout-sessions/";

    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension();

    @Test
    void get_byEitherId_isTheSameSession() {
        JsonObject created = GATEWAY.openSession();
        GATEWAY.settle();

        JsonObject byStripes = GATEWAY.read(created.getString("session_id"));

        assertThat(GATEWAY.read(byStripes.getString("id"))).isEqualTo(byStripes);
        assertThat(byStripes.getString("url")).isEqualTo(created.getString("url"));
        assertThat(byStripes.getString("customer_id")).isEqualTo(created.getString("customer_id"));
        assertThat(byStripes.getString("ui_mode")).isEqualTo("hosted");
        assertThat(byStripes.getJsonObject("setup_intent").getString("id"))
                .isEqualTo(created.getString("setup_intent_id"));
    }

    static Stream<Arguments> tags() {
        return Stream.of(
                argumentSet("the same", "TAG", 304),
                argumentSet("the same, weak", "W/TAG", 304),
                argumentSet("one of several", "\"0\", TAG", 304),
                argumentSet("any", "*", 304),
                argumentSet("another", "\"0\"", 200),
                argumentSet("without quotes", "1", 200),
                argumentSet("nonsense", "nonsense", 200));
    }

    @ParameterizedTest
    @MethodSource("tags")
    void get_callerHasATag_isAnsweredOnlyWhenItIsAnother(String header, int status) {
        String path = SESSIONS + GATEWAY.openSession().getString("session_id");
        GATEWAY.settle();
        String tag = GATEWAY.client().get(path).expect(200).header("ETag");

        Answer answer = GATEWAY.client()
                .with("If-None-Match", header.replace("TAG", tag))
                .get(path)
                .expect(status);

        assertThat(answer.header("ETag")).isEqualTo(tag);
    }

    @Test
    void get_afterAChange_hasAnotherTag() {
        String path = SESSIONS + GATEWAY.openSession().getString("session_id");
        GATEWAY.settle();
        String before = GATEWAY.client().get(path).expect(200).header("ETag");

        GATEWAY.client().post(path + "/expire").expect(200);

        assertThat(GATEWAY.client()
                        .with("If-None-Match", before)
                        .get(path)
                        .expect(200)
                        .header("ETag"))
                .isNotEqualTo(before);
    }

    @Test
    void get_always_echoesTheCallersRequestIdAndForbidsCaches() {
        Answer answer = GATEWAY.client()
                .with("X-Request-Id", "my-request_1.a")
                .get(SESSIONS + GATEWAY.openSession().getString("session_id"))
                .expect(200);

        assertThat(answer.header("X-Request-Id")).isEqualTo("my-request_1.a");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    }
}
