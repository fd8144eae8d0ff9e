package io.checkoutgateway.http.webhook;

import io.checkoutgateway.api.model.WebhookReceipt;
import io.checkoutgateway.events.Inbox;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code POST /api/v1/apps/{appId}/stripe/webhook} */
public final class ReceiveStripeWebhook implements Operation {
    private final Inbox inbox;

    public ReceiveStripeWebhook(Inbox inbox) {
        this.inbox = inbox;
    }

    @Override
    public String id() {
        return "receive-stripe-webhook";
    }

    /** The signature is over the bytes, and nobody's bytes are read before it is checked. */
    @Override
    public boolean takesRawBody() {
        return true;
    }

    @Override
    public Future<Reply> handle(Call call) {
        return inbox.receive(call.path("appId"), call.header("Stripe-Signature"), call.rawBody())
                .map(receipt -> Reply.json(
                        200,
                        new WebhookReceipt()
                                .withReceived(true)
                                .withEventId(receipt.eventId())
                                .withDuplicate(receipt.duplicate())));
    }
}
