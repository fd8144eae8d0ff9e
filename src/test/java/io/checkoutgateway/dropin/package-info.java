/**
 * The proof that clients made from OpenMeter's contract can be pointed at the gateway: requests are made from that
 * contract, answers are held against it, and what differs on purpose is listed in {@code api/README.md}. Begin with
 * {@link io.checkoutgateway.dropin.DropInTest}, which needs the contract; {@link io.checkoutgateway.dropin.RecordedNamesTest}
 * does not. What the gateway does with a good request does not belong here, but in {@code journeys}.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.dropin;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
