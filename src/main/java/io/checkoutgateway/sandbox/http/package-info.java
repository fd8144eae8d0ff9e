/**
 * The front of Stripe's API: who calls, which route, what parameters, idempotency, expansion, pages of lists and
 * errors. The door is {@code StripeHttp}; a resource adds itself as {@code Route}s. No resource is known here.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.sandbox.http;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
