/**
 * What goes wrong at Stripe, at Postgres and between: the running gateway says so at once, keeps both ledgers true and
 * recovers by itself. Deaths of the process are in {@code crash}.
 */
@NullMarked
package io.checkoutgateway.faults;

import org.jspecify.annotations.NullMarked;
