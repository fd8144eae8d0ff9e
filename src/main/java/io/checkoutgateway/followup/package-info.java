/**
 * What is to be done at Stripe because of what was learnt: reading again, fetching line items, setting a default. The
 * door is {@link io.checkoutgateway.followup.FollowUp}. Deciding what an event means does not belong here.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.followup;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
