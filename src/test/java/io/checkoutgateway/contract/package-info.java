/**
 * Tests of the contract itself: what is written in {@code api/}, and what the build makes of it. Begin with
 * {@link io.checkoutgateway.contract.ContractLintTest}. Tests that need a running server do not belong here.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.contract;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
