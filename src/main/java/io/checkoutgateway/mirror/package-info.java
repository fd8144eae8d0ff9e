/**
 * Keeping the mirror complete: what Stripe could not deliver is fetched, all sessions of an account are copied, and
 * what is here is compared with what is there. The doors are {@link io.checkoutgateway.mirror.Mirror} for people,
 * {@link io.checkoutgateway.mirror.MirrorWorker}, {@link io.checkoutgateway.mirror.CatchUp}, {@link
 * io.checkoutgateway.mirror.ConnectedCatchUp} and {@link io.checkoutgateway.mirror.OverdueSessions} for the clock. What a
 * state means for a session is decided in {@code checkout}, not here.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.mirror;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
