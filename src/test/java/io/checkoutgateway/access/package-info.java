/** Tests of callers' credentials that need no running gateway. */
@NullMarked
package io.checkoutgateway.access;

import org.jspecify.annotations.NullMarked;
