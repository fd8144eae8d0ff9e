/** Tests of the trail that need no database. */
@NullMarked
package io.checkoutgateway.audit;

import org.jspecify.annotations.NullMarked;
