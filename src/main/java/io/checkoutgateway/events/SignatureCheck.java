package io.checkoutgateway.events;

import io.checkoutgateway.settings.Secret;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells a delivery of Stripe's from anyone else's. */
public interface SignatureCheck {
    /**
     * Returns when one signature in the header matches one of the secrets and its time stamp is near now.
     *
     * @param header the {@code Stripe-Signature} header; {@code null} when there is none
     * @param body the bytes as they arrived
     * @throws io.checkoutgateway.failure.GatewayException with {@code SIGNATURE_INVALID} or
     *     {@code SIGNATURE_TIMESTAMP}
     */
    void check(@Nullable String header, Buffer body, List<Secret> secrets);
}
