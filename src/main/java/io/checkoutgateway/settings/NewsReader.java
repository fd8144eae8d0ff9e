package io.checkoutgateway.settings;

/** Reads what may be configured of news: how they come from Stripe, and how others are told. */
final class NewsReader {
    private final Values values;

    NewsReader(Values values) {
        this.values = values;
    }

    EventSettings events() {
        return new EventSettings(
                values.duration(
                        "GATEWAY_WEBHOOK_TOLERANCE",
                        "PT5M",
                        "PT10S",
                        "PT1H",
                        "How far a delivery's time stamp may be from now, in both directions; 300 s as Stripe's libraries."),
                values.duration(
                        "GATEWAY_EVENTS_INTERVAL",
                        "PT1S",
                        "PT0.05S",
                        "PT5M",
                        "How often the inbox is looked at when nothing announced an event."),
                values.number(
                        "GATEWAY_EVENTS_BATCH", 100, 1, 1_000, "How many events one look at the inbox takes at most."),
                values.number(
                        "GATEWAY_EVENTS_ATTEMPTS",
                        10,
                        1,
                        100,
                        "How often an event is tried before it is set aside with its reason."),
                values.duration(
                        "GATEWAY_EVENTS_RETENTION",
                        "P90D",
                        "P31D",
                        "P3650D",
                        "How long applied and ignored events are kept, P31D or longer; Stripe tells of an event for 30 days."),
                values.duration(
                        "GATEWAY_HISTORY_RETENTION",
                        "P730D",
                        "P31D",
                        "P36500D",
                        "How long the changes of a session are kept, P31D or longer; the session itself stays."));
    }

    MirrorSettings mirror() {
        return new MirrorSettings(
                values.duration(
                        "GATEWAY_CATCH_UP_INTERVAL",
                        "PT5M",
                        "PT10S",
                        "P1D",
                        "How often Stripe is asked for events that it could not deliver, and sessions are read that wait for news for too long."),
                values.duration(
                        "GATEWAY_DRIFT_GRACE",
                        "PT1M",
                        "PT0S",
                        "PT1H",
                        "How long a difference must last to be reported; events take a moment to arrive."));
    }

    FeedSettings feed() {
        return new FeedSettings(
                values.duration(
                        "GATEWAY_FEED_INTERVAL",
                        "PT1S",
                        "PT0.01S",
                        "PT1M",
                        "How often changes that died before they were published are looked for; others are published at once."),
                values.duration(
                        "GATEWAY_FEED_RETENTION",
                        "P7D",
                        "PT1H",
                        "P90D",
                        "How long published changes are kept for readers that were away, PT1H to P90D."),
                values.number(
                        "GATEWAY_STREAMS_MAX",
                        2_000,
                        1,
                        50_000,
                        "Streams of changes that one process serves; one more is answered 503. Each may hold up to 128 KB."),
                values.duration(
                        "GATEWAY_STREAM_HEARTBEAT",
                        "PT15S",
                        "PT0.1S",
                        "PT1M",
                        "How often a stream shows that it lives; shorter than GATEWAY_IDLE_TIMEOUT."),
                values.duration(
                        "GATEWAY_STREAM_AGE",
                        "PT1H",
                        "PT1S",
                        "P1D",
                        "After how long, more or less, a stream ends, so that its reader comes again with a valid key."));
    }

    OutgoingSettings outgoing() {
        return new OutgoingSettings(
                values.networks(
                        "GATEWAY_OUTGOING_NETWORKS",
                        "Networks, beside the public ones, that webhook endpoints may lie in: 10.8.0.0/16,fd00::/8. With "
                                + "127.0.0.0/8 also http to this machine."),
                values.duration(
                        "GATEWAY_OUTGOING_INTERVAL",
                        "PT1S",
                        "PT0.05S",
                        "PT10M",
                        "How often news and due deliveries are looked for."),
                values.number(
                        "GATEWAY_OUTGOING_CONCURRENCY",
                        64,
                        2,
                        1_000,
                        "Webhooks that one process sends at once, at most 8 to one endpoint; a quarter is for endpoints that fail."),
                values.duration(
                        "GATEWAY_OUTGOING_TIMEOUT",
                        "PT15S",
                        "PT0.1S",
                        "PT30S",
                        "How long an endpoint may take to answer; 15 to 30 s as Standard Webhooks advises."),
                values.duration(
                        "GATEWAY_OUTGOING_DISABLE_AFTER",
                        "P5D",
                        "PT1H",
                        "P30D",
                        "How long an endpoint may fail without a success before it is disabled."),
                values.duration(
                        "GATEWAY_OUTGOING_RETENTION",
                        "P30D",
                        "P1D",
                        "P365D",
                        "How long settled deliveries can be looked at and repeated; not shorter than GATEWAY_FEED_RETENTION."));
    }
}
