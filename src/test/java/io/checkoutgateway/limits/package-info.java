/** Tests of callers' rates that need no running gateway. */
@NullMarked
package io.checkoutgateway.limits;

import org.jspecify.annotations.NullMarked;
