/**
 * What stands in when nothing is given: a Stripe of our own that speaks Stripe's HTTP dialect, and an embedded
 * Postgres. The doors are {@code StripeSandbox} and {@code EmbeddedDatabase}. Production code reaches both over
 * the network only and cannot tell; nothing outside this room but {@code Main} and tests may import it.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.sandbox;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
