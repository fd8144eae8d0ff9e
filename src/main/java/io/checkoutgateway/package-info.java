/**
 * The map.
 *
 * <p>{@link io.checkoutgateway.Main} reads the command line, {@link io.checkoutgateway.Gateway} puts the parts together
 * and is the only place that knows them all. The rooms, and who may enter:
 *
 * <ul>
 *   <li>{@code settings}: what may be configured. Everyone may hold its values.
 *   <li>{@code failure}: why something was not done. Everyone.
 *   <li>{@code cache}: what a process keeps in memory for a moment. Everyone who asks for something often.
 *   <li>{@code idempotency}: the promise that a repeated request is done once. Everyone.
 *   <li>{@code listing}: what may be asked of a list. Everyone who has one.
 *   <li>{@code audit}: who did what. Everyone who changes something.
 *   <li>{@code secrets}: how secrets lie in the database.
 *   <li>{@code access}, {@code apps}, {@code customers}: callers, connected Stripe accounts, customers.
 *   <li>{@code limits}: how much callers may ask for, over all replicas.
 *   <li>{@code checkout}: what the product does with sessions; the part worth reading first.
 *   <li>{@code events}: what Stripe tells, from the webhook to the row.
 *   <li>{@code followup}: what is to be done at Stripe because of what was learnt.
 *   <li>{@code mirror}: what is missing here is fetched, what differs is found.
 *   <li>{@code feed}: telling others of changes, in one order.
 *   <li>{@code outgoing}: whom the gateway tells of it: signed webhooks to the endpoints that callers registered.
 *   <li>{@code http}: how callers reach the gateway; one file for each operation of the contract.
 *   <li>{@code stripe}: how the gateway reaches Stripe; the only room that sees {@code com.stripe}.
 *   <li>{@code store}: what is remembered; the only room that sees SQL.
 *   <li>{@code management}: probes and metrics.
 *   <li>{@code sandbox}: a Stripe and a Postgres for when none is given. Only {@code Main} enters.
 * </ul>
 *
 * <p>A create walks {@code http.ApiRouter}, {@code http.billing.CreateCustomerStripeCheckoutSession},
 * {@code checkout.CheckoutService}, then {@code store.PgCreateJournal} (claim), {@code stripe.StripeSessions} (call) and
 * {@code store.PgCreateJournal} (outcome). An event walks {@code http.webhook}, {@code events.Inbox},
 * {@code store.PgEvents}, and later {@code events.EventWorker} and {@code store.SessionChanges}; what it leaves to do at
 * Stripe is met by {@code followup.FollowUps}. What both changed walks {@code feed.FeedRelay}, {@code feed.Feed} and {@code http.feed.EventStream}.
 */
@NullMarked
package io.checkoutgateway;

import org.jspecify.annotations.NullMarked;
