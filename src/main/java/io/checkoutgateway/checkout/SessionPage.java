package io.checkoutgateway.checkout;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param next the cursor of the page after this one; {@code null} on the last
 * @param previous the cursor of the page before this one; {@code null} on the first
 */
public record SessionPage(
        List<CheckoutSession> sessions, SessionQuery.@Nullable Cursor next, SessionQuery.@Nullable Cursor previous) {}
