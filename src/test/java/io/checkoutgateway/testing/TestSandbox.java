package io.checkoutgateway.testing;

import io.checkoutgateway.sandbox.SandboxOptions;
import io.checkoutgateway.sandbox.StripeSandbox;
import io.checkoutgateway.sandbox.events.DeliveryPolicy;
import io.vertx.core.Vertx;

/** Stripe's sandbox as tests want it: it gives up on nobody who is only slow. */
public final class TestSandbox {
    private TestSandbox() {}

    /** Starts one with these options, but with the patience of the tests; otherwise a busy machine gets events twice. */
    public static StripeSandbox start(Vertx vertx, SandboxOptions options) {
        DeliveryPolicy delivery = options.delivery();
        return TestGateway.await(StripeSandbox.start(
                vertx,
                options.toBuilder()
                        .delivery(new DeliveryPolicy(
                                delivery.retryDelays(),
                                Patience.LIMIT,
                                delivery.concurrency(),
                                delivery.wallClockSignature(),
                                delivery.disableAfter()))
                        .redirectWait(Patience.LIMIT)
                        .build()));
    }
}
