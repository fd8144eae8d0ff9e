/**
 * Scripted misfortune: rules that make matching requests slow, refused, unanswered or half done. The door is
 * {@code Faults}. When each effect strikes is decided by the HTTP front, which asks here.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.sandbox.faults;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
