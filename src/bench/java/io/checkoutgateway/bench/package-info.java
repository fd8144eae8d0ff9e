/**
 * How fast the gateway is, measured against something that anyone can judge. The door is
 * {@link io.checkoutgateway.bench.Benchmarks}, which runs the measurements side by side with their baselines and writes
 * a table. Nothing here is part of the product or of its tests, and nothing may depend on it.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.bench;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
