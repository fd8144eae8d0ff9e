/**
 * What those who run the gateway ask of it: probes and metrics, on a port of their own. The door is
 * {@link io.checkoutgateway.management.ManagementServer}. Nothing that a caller of the API needs belongs here.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.management;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
