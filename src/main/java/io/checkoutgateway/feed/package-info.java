/**
 * Telling others: every change of a session, in one order that all replicas agree on. The doors are
 * {@link io.checkoutgateway.feed.FeedRelay}, which publishes what the outbox holds, and
 * {@link io.checkoutgateway.feed.Feed}, from which readers take what is new to them. How a reader is reached, and what
 * a change means, do not belong here.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.feed;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
