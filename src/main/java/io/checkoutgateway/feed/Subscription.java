package io.checkoutgateway.feed;

/** A wish to be told, until it is closed. */
public final class Subscription {
    private final Feed feed;
    private final Scope scope;
    private final Runnable news;

    Subscription(Feed feed, Scope scope, Runnable news) {
        this.feed = feed;
        this.scope = scope;
        this.news = news;
    }

    void tell() {
        news.run();
    }

    public void close() {
        feed.unsubscribe(this, scope);
    }
}
