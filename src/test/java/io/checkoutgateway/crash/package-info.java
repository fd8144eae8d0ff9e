/**
 * The gateway as a real process that is killed in the middle of its work. Each test kills one at a chosen moment, starts
 * another on the same database and compares Stripe's ledger with ours. What goes wrong without a death is in
 * {@code faults}.
 */
@NullMarked
package io.checkoutgateway.crash;

import org.jspecify.annotations.NullMarked;
