/**
 * The feed as Server-Sent Events (HTML standard, section 9.2). The door is
 * {@link io.checkoutgateway.http.feed.EventStreams}, which opens streams for the operations beside it and ends them all
 * when the process stops. What is told, and in which order, is decided in {@code feed}.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.http.feed;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
