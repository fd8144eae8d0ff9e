/** What failures say, and to whom. */
@NullMarked
package io.checkoutgateway.failure;

import org.jspecify.annotations.NullMarked;
