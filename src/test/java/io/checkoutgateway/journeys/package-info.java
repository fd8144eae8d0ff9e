/** Whole journeys through the real gateway, each a short story; after each, both ledgers agree. */
@NullMarked
package io.checkoutgateway.journeys;

import org.jspecify.annotations.NullMarked;
