package io.checkoutgateway.listing;

import org.jspecify.annotations.Nullable;

/**
 * How many things of a list were begun again at once, or would have been.
 *
 * @param next the number to go on after; {@code null} when there are no more
 */
public record Repeated(int count, @Nullable Long next) {}
