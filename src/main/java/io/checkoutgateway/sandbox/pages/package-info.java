/**
 * What a customer sees: the hosted checkout page, the bank's challenge and the last pages, all plain HTML that
 * works without scripts. The door is {@code CheckoutPages}. What a payment changes is decided in
 * {@code resources}.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.sandbox.pages;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
