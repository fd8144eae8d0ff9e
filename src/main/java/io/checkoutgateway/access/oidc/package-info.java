/**
 * Callers who show a token of an identity provider: its keys, what a token must say, whom it stands for. The door is
 * {@link io.checkoutgateway.access.oidc.Tokens}. Signing people in does not belong here, nor does anything that a
 * browser sees.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.access.oidc;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
