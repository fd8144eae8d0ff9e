/**
 * Tests of what is delivered beside the program: the Kubernetes manifests. The door is {@link
 * io.checkoutgateway.delivery.Manifests}, which reads them. Tests of the program's behaviour do not belong here.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.delivery;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
