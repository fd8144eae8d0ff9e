/** Tests of callers' credentials that need no running gateway. */
@NullMarked
package io.checkoutgateway.audit;

import org.jspecify.annotations.NullMarked;
