/**
 * Secrets at rest: how a Stripe key or a signing secret lies in the database, and how the keys that seal it are replaced.
 * The doors are {@link io.checkoutgateway.secrets.Vault} for those who have secrets, and {@link
 * io.checkoutgateway.secrets.Rotation} and {@link io.checkoutgateway.secrets.ClearSecrets} for those who look after them. What the secrets are for does not belong here.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.secrets;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
