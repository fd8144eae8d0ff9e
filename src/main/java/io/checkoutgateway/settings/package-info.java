/**
 * What may be configured. The door is {@link io.checkoutgateway.settings.Settings}: immutable records whose
 * constructors refuse what cannot work, read once at start from the environment, a file or system properties,
 * with every mistake reported together. Nothing here connects to anything, and no other room reads the
 * environment.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.settings;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
