package io.checkoutgateway.store;

import static io.checkoutgateway.store.InboxOnPostgres.event;
import static io.checkoutgateway.store.InboxOnPostgres.session;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people typed at Stripe is kept, also what Postgres has no character for. */
class StorableTextTest {

    @Test
    void of_zeroCharactersAnywhere_areReplaced() {
        JsonObject given = new JsonObject()
                .put("text", "a\0b")
                .put("\0key", 1)
                .putNull("nothing")
                .put("list", new JsonArray().add("\0").add(new JsonObject().put("deep", "c\0")))
                .put("map", Map.of("k", "\0"));

        assertThat(StorableText.of(given))
                .isEqualTo(new JsonObject()
                        .put("text", "a\uFFFDb")
                        .put("\uFFFDkey", 1)
                        .putNull("nothing")
                        .put("list", new JsonArray().add("\uFFFD").add(new JsonObject().put("deep", "c\uFFFD")))
                        .put("map", new JsonObject().put("k", "\uFFFD")));
        assertThat(given.getString("text")).as("the caller's own").isEqualTo("a\0b");
        assertThat(StorableText.of(new String[] {"x", null, "\0"})).isEqualTo(new String[] {"x", null, "\uFFFD"});
        assertThat(StorableText.of("\0")).isEqualTo("\uFFFD");
    }

    @Test
    void of_nothingToReplace_isTheSame() {
        JsonObject given = new JsonObject().put("list", new JsonArray().add(1).add("\\u0000"));

        assertThat(StorableText.of(given)).isSameAs(given);
        assertThat(StorableText.of(null)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "\ud800", "b\udc00\ud800", "\uFFFF\u0001"})
    void settleNext_strangeCharactersInASession_isAppliedAndItsBodyKept(String strange) {
        try (InboxOnPostgres inbox = new InboxOnPostgres()) {
            JsonObject told = session("cs_z", "seti_z")
                    .put("status", "complete")
                    .put("client_reference_id", strange)
                    .put("metadata", new JsonObject().put("k", strange))
                    .put("custom_fields", new JsonArray().add(new JsonObject().put("text", strange)));

            inbox.hear(List.of(event("checkout.session.completed", 2, told)));

            assertThat(inbox.rows("SELECT state FROM stripe_events")).containsExactly(List.of("applied"));
            assertThat(inbox.rows("SELECT status FROM checkout_sessions")).containsExactly(List.of("complete"));
            assertThat(StoredBodies.of(inbox.database()).contains("\\u0000")).isEqualTo(strange.indexOf('\0') >= 0);
        }
    }
}
