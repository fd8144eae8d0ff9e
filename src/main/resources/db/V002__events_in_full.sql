-- What came with a delivery, how it came, and what it is about.
ALTER TABLE stripe_events
    ADD COLUMN headers   jsonb NOT NULL DEFAULT '{}', -- those that matter when a delivery is looked into
    ADD COLUMN origin    text  NOT NULL DEFAULT 'webhook' CHECK (origin IN ('webhook', 'catch_up')),
    ADD COLUMN object_id text; -- of data.object
-- EventStore: what was said of a SetupIntent before its session was known; whether a payment method is detached.
CREATE INDEX stripe_events_object ON stripe_events (app_id, object_id)
    WHERE type LIKE 'setup\_intent.%' OR type = 'payment_method.detached';
-- EventStore.backlog.
CREATE INDEX stripe_events_quarantined ON stripe_events (id) WHERE state = 'quarantined';
-- EventStore.forget: rows lie in the order of their arrival, so that a few bytes for many pages do.
CREATE INDEX stripe_events_age ON stripe_events USING brin (received_at);

-- What is to be done at Stripe because of something that was learnt, off the hot path. A wish that is repeated before
-- it was met stays one row; its generation tells a run that it was repeated meanwhile.
CREATE TABLE follow_ups (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    app_id          text NOT NULL REFERENCES apps (id),
    kind            text NOT NULL CHECK (kind IN (
                        'read_session', 'read_setup_intent', 'fetch_line_items', 'set_default_payment_method')),
    subject         text NOT NULL CHECK (char_length(subject) <= 255), -- cs_…, seti_…, or a link's id
    account         text CHECK (char_length(account) <= 255), -- the connected account that it lies in, if any
    state           text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'given_up')),
    generation      bigint NOT NULL DEFAULT 1,
    attempts        integer NOT NULL DEFAULT 0, -- how often it failed
    begun           integer NOT NULL DEFAULT 0, -- how often since it last ended: more than once, and someone died at it
    next_attempt_at timestamptz NOT NULL DEFAULT now(), -- while someone works at it: until when it is theirs
    outcome         text, -- what went wrong last
    created_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (app_id, kind, subject)
);
-- FollowUpStore.claim: what is due, the oldest first; line items in a line of their own, which may be long.
CREATE INDEX follow_ups_due ON follow_ups (next_attempt_at, id)
    WHERE state = 'pending' AND kind <> 'fetch_line_items';
CREATE INDEX follow_ups_line_items_due ON follow_ups (next_attempt_at, id)
    WHERE state = 'pending' AND kind = 'fetch_line_items';
-- FollowUpStore.backlog.
CREATE INDEX follow_ups_given_up ON follow_ups (id) WHERE state = 'given_up';

-- The customer's chosen payment method, as of the newest event that chose one.
ALTER TABLE stripe_customer_links
    ADD COLUMN default_payment_method_id    text CHECK (char_length(default_payment_method_id) <= 255),
    ADD COLUMN default_payment_method_as_of timestamptz,
    ADD COLUMN default_payment_method_set   text; -- what Stripe was told last; differs while a follow-up is due
-- EventStore: a payment method was detached.
CREATE INDEX stripe_customer_links_default ON stripe_customer_links (app_id, default_payment_method_id)
    WHERE default_payment_method_id IS NOT NULL;

ALTER TABLE checkout_sessions
    ADD COLUMN line_items       jsonb, -- Stripe's own objects, in order; NULL until they were fetched
    ADD COLUMN line_items_as_of timestamptz;
-- The column that tells rows apart comes first: before the table was ever analysed, Postgres takes an index by its
-- first column, and an app's id tells nothing. The one by namespace is served by the first of these.
DROP INDEX checkout_sessions_stripe_id, checkout_sessions_setup_intent, checkout_sessions_namespace_stripe_id;
CREATE UNIQUE INDEX checkout_sessions_stripe_id ON checkout_sessions (stripe_session_id, app_id);
CREATE INDEX checkout_sessions_setup_intent ON checkout_sessions (setup_intent_id, app_id)
    WHERE setup_intent_id IS NOT NULL;
-- Open sessions whose time is over: their last event may be lost.
CREATE INDEX checkout_sessions_overdue ON checkout_sessions (expires_at) WHERE status = 'open';

ALTER TABLE checkout_session_transitions
    ADD COLUMN setup_error jsonb, -- why an attempt to set up a payment method failed
    DROP CONSTRAINT checkout_session_transitions_source_check,
    ADD CONSTRAINT checkout_session_transitions_source_check
        CHECK (source IN ('api', 'event', 'reconciler', 'refresh', 'follow_up', 'backfill'));
-- SessionStore.forgetHistory.
CREATE INDEX checkout_session_transitions_age ON checkout_session_transitions USING brin (recorded_at);
