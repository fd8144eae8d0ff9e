/**
 * Who did what: the trail of every change that somebody asked for, and the chain that shows whether it was tampered with.
 * The doors are {@link io.checkoutgateway.audit.Actor}, which goes with a command to the transaction that carries it out,
 * and {@link io.checkoutgateway.audit.AuditLog} for those who read. Log lines do not belong here.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.audit;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
