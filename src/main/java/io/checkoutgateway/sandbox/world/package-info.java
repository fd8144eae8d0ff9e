/**
 * What exists at the sandbox: a movable clock, accounts with their shelves of objects, ids, and the ledger that
 * tests compare with the gateway's tables. The door is {@code World}; it is touched from one event loop only, so
 * there are no locks. HTTP, events and pages do not belong here.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.sandbox.world;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
