/**
 * What the sandbox tells others: the log of events and their signed deliveries to webhook endpoints, with
 * retries and, on demand, duplicates, shuffles, losses and delays. The doors are {@code EventLog} and
 * {@code Deliveries}. Why an event happens is decided in {@code resources}.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.sandbox.events;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
