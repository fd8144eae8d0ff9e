/**
 * Secrets at rest: how a Stripe key or a signing secret lies in the database. The door is {@link
 * io.checkoutgateway.secrets.Vault}. What the secrets are for does not belong here.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.secrets;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
