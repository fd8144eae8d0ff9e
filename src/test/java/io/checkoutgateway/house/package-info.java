/**
 * Tests of the house itself: which room may enter which, and whether the files are tidy. The doors are {@link
 * io.checkoutgateway.house.RoomsTest} and {@link io.checkoutgateway.house.TidyTest}. What the program does is tested
 * elsewhere.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.house;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
