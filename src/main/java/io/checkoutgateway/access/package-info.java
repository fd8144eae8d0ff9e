/**
 * Who may call: API keys, tokens, and the namespace and scopes that each stands for. The door is {@link
 * io.checkoutgateway.access.Callers}; {@link io.checkoutgateway.access.ApiKeys} looks after keys. HTTP headers do not
 * belong here.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.access;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
