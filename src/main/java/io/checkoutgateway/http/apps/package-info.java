/**
 * Apps: the Stripe accounts that are connected, as callers install, change and remove them. The doors are the operations,
 * one file each. What installing does does not belong here.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.http.apps;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
