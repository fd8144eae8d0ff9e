/** Tests of what is decided without a database or a Stripe. */
@NullMarked
package io.checkoutgateway.mirror;

import org.jspecify.annotations.NullMarked;
