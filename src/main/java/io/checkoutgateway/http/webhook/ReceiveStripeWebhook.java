package io.checkoutgateway.http.webhook;

import io.checkoutgateway.api.model.WebhookReceipt;
import io.checkoutgateway.events.Inbox;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code POST /api/v1/apps/{appId}/stripe/webhook} */
public final class ReceiveStripeWebhook implements Operation {
    private static final String SIGNATURE = "Stripe-Signature";

    /** With the signature and the body, anyone who has the secret can check the delivery again. */
    private static final List<String> KEPT = List.of(SIGNATURE, "Content-Type", "User-Agent");

    /** Stripe's signature has some 200 characters, with two secrets 270. */
    private static final int HEADER_MAX = 1_000;

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
        return inbox.receive(call.path("appId"), call.header(SIGNATURE), kept(call), call.rawBody(), call.address())
                .map(receipt -> Reply.json(
                        200,
                        new WebhookReceipt()
                                .withReceived(true)
                                .withEventId(receipt.eventId())
                                .withDuplicate(receipt.duplicate())));
    }

    @Override
    public void refused(Map<String, String> path, String address, GatewayException failure) {
        inbox.refused(path.getOrDefault("appId", ""), address, failure);
    }

    private static Map<String, String> kept(Call call) {
        Map<String, String> kept = new HashMap<>();
        for (String name : KEPT) {
            String value = call.header(name);
            if (value != null) {
                kept.put(name.toLowerCase(Locale.ROOT), shortened(value));
            }
        }
        kept.put("x-request-id", call.requestId());
        return kept;
    }

    private static String shortened(String value) {
        return value.length() <= HEADER_MAX ? value : value.substring(0, HEADER_MAX);
    }
}
