/**
 * What may be asked of a list: how values are written, how they are compared, and what one look finds. The doors are
 * {@link io.checkoutgateway.listing.Condition} and {@link io.checkoutgateway.listing.Stretch}; every room with a list of its own may hold its values. Which fields a
 * list has does not belong here, nor how a condition is read from a query or written as SQL.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.listing;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
