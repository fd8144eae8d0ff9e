/**
 * Stripe's objects and what may be done with them, one file per resource. Each offers its routes to the HTTP
 * front and its changes to the pages. Requests, headers and HTML do not belong here.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.sandbox.resources;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
