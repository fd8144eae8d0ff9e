/** The dj-stripe family, {@code /api/v1/djstripe}: one file for each operation, and the document's 22 fields. */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.http.djstripe;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
