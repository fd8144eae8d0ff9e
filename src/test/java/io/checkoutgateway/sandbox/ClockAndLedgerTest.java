package io.checkoutgateway.sandbox;

import static io.checkoutgateway.sandbox.SandboxFixture.setup;
import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.model.checkout.Session;
import io.checkoutgateway.sandbox.world.Ledger;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ClockAndLedgerTest {
    @RegisterExtension
    private final SandboxFixture fixture = new SandboxFixture();

    @BeforeEach
    void start() {
        fixture.sandbox.clock().freeze();
    }

    @Test
    void advance_toTheSecondOfExpiry_expiresTheSessionAndTells() throws StripeException {
        WebhookReceiver receiver = new WebhookReceiver(fixture.vertx);
        fixture.sandbox.addWebhookEndpoint(receiver.url(), List.of("checkout.session.expired"));
        Session session = fixture.session(setup().build());

        fixture.sandbox.clock().set(Instant.ofEpochSecond(session.getExpiresAt() - 1));
        String before = fixture.sandbox.ledger().session(session.getId()).status();
        fixture.sandbox.clock().advance(Duration.ofSeconds(1));

        assertThat(before).isEqualTo("open");
        assertThat(fixture.sandbox.ledger().session(session.getId()).status()).isEqualTo("expired");
        org.awaitility.Awaitility.await().until(() -> receiver.received.size() == 1);
        JsonObject event = receiver.received.get(0).json();
        assertThat(event.getLong("created")).isEqualTo(session.getExpiresAt());
        assertThat(event.getJsonObject("data").getJsonObject("object").getString("url"))
                .isNull();
    }

    @Test
    void clock_overHttp_isFrozenMovedAndResumed() {
        JsonObject moved =
                fixture.control("POST", "/clock/set", new JsonObject().put("instant", "2030-01-01T00:00:00Z"));
        JsonObject later = fixture.control("POST", "/clock/advance", new JsonObject().put("duration", "PT2H"));
        JsonObject wrong = fixture.control("POST", "/clock/advance", new JsonObject().put("duration", "soon"));

        assertThat(moved.getString("now")).isEqualTo("2030-01-01T00:00:00Z");
        assertThat(later.getString("now")).isEqualTo("2030-01-01T02:00:00Z");
        assertThat(wrong.getString("error")).isNotEmpty();
        fixture.sandbox.clock().resume();
        assertThat(fixture.sandbox.clock().isFrozen()).isFalse();
        assertThat(fixture.sandbox.clock().instant()).isAfterOrEqualTo(Instant.parse("2030-01-01T02:00:00Z"));
    }

    @Test
    void ledger_openSessionsByMetadata_groupsOpenOnesOnly() throws StripeException {
        Session open = fixture.session(setup().putMetadata("attempt", "1").build());
        Session gone = fixture.session(setup().putMetadata("attempt", "1").build());
        fixture.session(setup().build());
        Ledger earlier = fixture.sandbox.ledger();
        fixture.stripe.v1().checkout().sessions().expire(gone.getId());

        Ledger ledger = fixture.sandbox.ledger();

        assertThat(ledger.openSessionsByMetadata("attempt")).containsOnlyKeys("1");
        assertThat(ledger.openSessionsByMetadata("attempt").get("1"))
                .extracting(Ledger.Session::id)
                .containsExactly(open.getId());
        assertThat(ledger.sessionsWithMetadata("attempt", "1")).hasSize(2);
        assertThat(earlier.session(gone.getId()).isOpen())
                .as("a picture never changes")
                .isTrue();
        assertThat(fixture.control("GET", "/ledger", new JsonObject()).getJsonArray("sessions"))
                .hasSize(3);
    }

    @Test
    void reset_everything_isGone() throws StripeException {
        fixture.session(setup().build());
        fixture.control("POST", "/reset", new JsonObject());

        assertThat(fixture.sandbox.ledger().sessions()).isEmpty();
        assertThat(new JsonObject(fixture.get("/v1/events").body()).getJsonArray("data"))
                .isEmpty();
        assertThat(fixture.sandbox.clock().isFrozen()).isFalse();
    }

    @Test
    void seed_same_givesTheSameIds() throws StripeException {
        try (SandboxFixture twin = new SandboxFixture()) {
            assertThat(twin.session(setup().build()).getId())
                    .isEqualTo(fixture.session(setup().build()).getId());
        }
    }
}
