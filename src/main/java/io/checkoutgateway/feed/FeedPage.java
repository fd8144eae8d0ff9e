package io.checkoutgateway.feed;

import java.util.List;

/**
 * A piece of the feed, as one reader sees it.
 *
 * @param entries what the reader wants, oldest first
 * @param position how far the feed was looked through: nothing wanted lies before it that is not in {@code entries}
 * @param more whether it is worth asking again at once
 */
public record FeedPage(List<FeedEntry> entries, long position, boolean more) {}
