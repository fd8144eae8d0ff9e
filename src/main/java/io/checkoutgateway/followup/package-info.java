/**
 * What is to be done at Stripe because of what was learnt: reading again, fetching line items, setting a default. A
 * {@link io.checkoutgateway.followup.FollowUp} is written down with what was learnt, {@link
 * io.checkoutgateway.followup.FollowUps} meets it, {@link io.checkoutgateway.followup.FollowUpLog} shows it. Deciding what an event means does not belong here.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.followup;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
