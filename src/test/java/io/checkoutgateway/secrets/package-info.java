/** Tests of sealing that need no database. */
@NullMarked
package io.checkoutgateway.secrets;

import org.jspecify.annotations.NullMarked;
