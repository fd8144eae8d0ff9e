/**
 * The Stripe accounts that are connected, and their secrets. The doors are {@link io.checkoutgateway.apps.Apps} for those
 * who work with them, {@link io.checkoutgateway.apps.AppInstalls} and {@link io.checkoutgateway.apps.InstalledApps} for
 * those who install, change and remove them. How Stripe is called does not belong here.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.apps;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
