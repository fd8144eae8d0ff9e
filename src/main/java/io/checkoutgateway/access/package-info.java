/**
 * Who may call: API keys and the namespace that each stands for. The door is {@link
 * io.checkoutgateway.access.ApiKeys}. HTTP headers do not belong here.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.access;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
