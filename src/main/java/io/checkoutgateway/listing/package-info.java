/**
 * What may be asked of a list: how values are written, how they are compared. The door is
 * {@link io.checkoutgateway.listing.Condition}; every room with a list of its own may hold its values. Which fields a
 * list has does not belong here, nor how a condition is read from a query or written as SQL.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.listing;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
