/**
 * The operations on connected Stripe accounts that are ours and not OpenMeter's, one file each. The door is the root's
 * {@code Operations}, which registers them. Rules about what may be set belong to {@code apps}.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.http.apps;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
