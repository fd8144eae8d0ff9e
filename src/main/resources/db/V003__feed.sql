-- What was published, in the order in which it became visible. Entries come from the outbox, one batch at a time
-- (OutboxStore.publish), so a reader that has seen a position never finds a smaller one later.
CREATE TABLE feed (
    position   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- has gaps; only its order means something
    namespace  text NOT NULL,
    session_id text NOT NULL, -- no foreign key: what was told stays told
    sequence   bigint NOT NULL, -- of the transition that it tells about
    type       text NOT NULL CHECK (type IN (
                   'checkout_session.creating', 'checkout_session.opened', 'checkout_session.completed',
                   'checkout_session.expired', 'checkout_session.failed', 'checkout_session.updated')),
    data       jsonb NOT NULL, -- the contract's CheckoutSessionEvent; nothing personal, nothing secret
    created_at timestamptz NOT NULL DEFAULT now()
);
-- FeedStore.after: readers of a namespace's feed, and of one session's.
CREATE INDEX feed_by_namespace ON feed (namespace, position);
CREATE INDEX feed_by_session ON feed (session_id, position);

-- Nobody read it until now: what it gathered is history, and no news.
TRUNCATE outbox;
-- What a change left of the session and the transition does not hold: the session may have changed again when the entry
-- is published.
ALTER TABLE outbox
    ADD COLUMN payment_status      text,
    ADD COLUMN setup_intent_status text;
-- Only the relay reads it, by its key. Rows live for moments: without vacuum every look would walk over the dead.
DROP INDEX outbox_by_namespace;
ALTER TABLE outbox SET (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = -1);
