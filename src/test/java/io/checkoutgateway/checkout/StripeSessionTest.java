package io.checkoutgateway.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StripeSessionTest {

    static JsonObject session() {
        return new JsonObject()
                .put("object", "checkout.session")
                .put("id", "cs_test_1")
                .put("mode", "setup")
                .put("status", "open")
                .put("created", 1_790_000_000L);
    }

    @Test
    void of_unknownMembersAndValues_areKept() {
        JsonObject object = session()
                .put("mode", "donation")
                .put("ui_mode", "hologram")
                .put("payment_status", "promised")
                .put("of_tomorrow", new JsonObject().put("deep", true));

        StripeSession session = StripeSession.of(object);

        assertThat(session.object()).isEqualTo(object);
        assertThat(session.mode()).isEqualTo("donation");
        assertThat(session.uiMode()).isEqualTo("hologram");
        assertThat(session.paymentStatus()).isEqualTo("promised");
    }

    @Test
    void of_expandedReferences_becomeIds() {
        JsonObject object = session()
                .put("customer", new JsonObject().put("id", "cus_1"))
                .put("setup_intent", new JsonObject().put("id", "seti_1").put("client_secret", "canary"));

        StripeSession session = StripeSession.of(object);

        assertThat(session.customer()).isEqualTo("cus_1");
        assertThat(session.setupIntent()).isEqualTo("seti_1");
        assertThat(session.object().encode()).doesNotContain("canary");
        assertThat(object.getValue("customer")).as("the given object").isInstanceOf(JsonObject.class);
    }

    @Test
    void of_expandedOrNot_areEqual() {
        JsonObject expanded = session().put("customer", new JsonObject().put("id", "cus_1"));

        assertThat(StripeSession.of(expanded))
                .isEqualTo(StripeSession.of(session().put("customer", "cus_1")));
    }

    @Test
    void accessors_stripesWords_areOurs() {
        StripeSession session = StripeSession.of(session()
                .put("ui_mode", "embedded_page")
                .put("currency", "eur")
                .put("metadata", new JsonObject().put("a", "1").put("gateway_session_id", "X"))
                .put("customer_details", new JsonObject().put("email", "a@example.com")));

        assertThat(session.uiMode()).isEqualTo("embedded");
        assertThat(session.currency()).isEqualTo("EUR");
        assertThat(session.customerEmail()).isEqualTo("a@example.com");
        assertThat(session.created()).isEqualTo(Instant.ofEpochSecond(1_790_000_000L));
        assertThat(session.expiresAt()).isNull();
        assertThat(ReservedMetadata.without(session.metadata())).isEqualTo(Map.of("a", "1"));
        assertThat(session).hasToString("cs_test_1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"object\": \"customer\", \"id\": \"cus_1\", \"mode\": \"setup\", \"created\": 1}",
                "{\"object\": \"checkout.session\", \"mode\": \"setup\", \"created\": 1}",
                "{\"object\": \"checkout.session\", \"id\": \"cs_1\", \"created\": 1}",
                "{\"object\": \"checkout.session\", \"id\": \"cs_1\", \"mode\": \"setup\", \"created\": \"now\"}",
                "{\"object\": \"checkout.session\", \"id\": 5, \"mode\": \"setup\", \"created\": 1}"
            })
    void of_noSession_isRefused(String json) {
        assertThatThrownBy(() -> StripeSession.of(new JsonObject(json))).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "complete, unpaid, 2000, complete",
                "paused,   paid,   1000, open",
                "none,     paid,   2000, complete",
                "none,     unpaid, 1500, expired",
                "none,     unpaid, 1501, open",
                "none,     unpaid, none, open",
                "none,     none,   none, open"
            })
    void status_saidOrNot_isWhatTheSessionWasAtThatTime(
            @Nullable String said, @Nullable String payment, @Nullable Long expiresAt, String status) {
        JsonObject object =
                session().put("status", said).put("payment_status", payment).put("expires_at", expiresAt);

        StripeSession session = StripeSession.of(object).seenAt(Instant.ofEpochSecond(1_500));

        assertThat(session.status().word()).isEqualTo(status);
        assertThat(session.saysStatus()).isEqualTo(said != null);
    }
}
