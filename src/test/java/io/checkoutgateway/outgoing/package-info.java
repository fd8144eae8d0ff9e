/** Tests of the parts that tell others. */
@NullMarked
package io.checkoutgateway.outgoing;

import org.jspecify.annotations.NullMarked;
