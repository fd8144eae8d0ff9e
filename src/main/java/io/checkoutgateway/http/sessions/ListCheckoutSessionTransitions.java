package io.checkoutgateway.http.sessions;

import io.checkoutgateway.api.model.CheckoutSessionTransition;
import io.checkoutgateway.api.model.CheckoutSessionTransitionCursorPage;
import io.checkoutgateway.checkout.CheckoutService;
import io.checkoutgateway.checkout.CheckoutStatus;
import io.checkoutgateway.checkout.Transition;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.SequencePage;
import io.checkoutgateway.http.Wire;
import io.vertx.core.Future;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/v1/checkout-sessions/{sessionId}/transitions} */
public final class ListCheckoutSessionTransitions implements Operation {
    private final CheckoutService checkout;

    public ListCheckoutSessionTransitions(CheckoutService checkout) {
        this.checkout = checkout;
    }

    @Override
    public String id() {
        return "list-checkout-session-transitions";
    }

    @Override
    public Future<Reply> handle(Call call) {
        SequencePage page = SequencePage.of(call.query());
        return checkout.transitions(call.namespace(), call.path("sessionId"), page.after(), page.wanted())
                .map(transitions -> page.reply(
                        transitions,
                        Transition::sequence,
                        ListCheckoutSessionTransitions::resource,
                        (data, meta) -> new CheckoutSessionTransitionCursorPage()
                                .withData(data)
                                .withMeta(meta)));
    }

    private static CheckoutSessionTransition resource(Transition transition) {
        return new CheckoutSessionTransition()
                .withSequence(transition.sequence())
                .withFrom(word(transition.from()))
                .withTo(transition.to().word())
                .withReason(transition.reason())
                .withSource(transition.source().name().toLowerCase(Locale.ROOT))
                .withEventId(transition.eventId())
                .withOccurredAt(Wire.utc(transition.occurredAt()))
                .withRecordedAt(Wire.utc(transition.recordedAt()))
                .withSetupError(SessionResource.setupError(transition.setupError()));
    }

    private static @Nullable String word(@Nullable CheckoutStatus status) {
        return status == null ? null : status.word();
    }
}
