-- Events made while an endpoint was disabled have no delivery, so Stripe never lists them as undelivered: all events of
-- that time are asked for. The wish is written down before the endpoint is enabled again.
ALTER TABLE catch_ups
    ADD COLUMN full_from  timestamptz, -- the next sweep asks for all events since then; NULL: for undelivered ones only
    ADD COLUMN sweep_full boolean NOT NULL DEFAULT false, -- of the sweep under way: it asks for all events
    -- What happened then, Stripe has forgotten as events: a backfill reads the sessions. NULL once one has.
    ADD COLUMN gap_from   timestamptz,
    ADD COLUMN gap_to     timestamptz,
    ADD COLUMN gap_run    text CHECK (char_length(gap_run) = 26), -- the backfill that was started for it; NULL: not yet
    ADD CHECK ((gap_from IS NULL) = (gap_to IS NULL)),
    ADD CHECK (gap_run IS NULL OR gap_from IS NOT NULL);
-- CatchUpStore.gaps: those that nobody has closed.
CREATE INDEX catch_ups_gaps ON catch_ups (app_id) WHERE gap_from IS NOT NULL;

-- How the endpoints at Stripe that an app hears through were found: one row for its own events, one for those of its
-- connected accounts.
CREATE TABLE webhook_standings (
    app_id      text NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    connect     boolean NOT NULL,
    state       text NOT NULL DEFAULT 'unlisted'
                CHECK (state IN ('sound', 'disabled', 'missing', 'other_url', 'lacks_types', 'other_version', 'unlisted',
                                 'unreadable')),
    since       timestamptz NOT NULL DEFAULT now(), -- of the state
    endpoint_id text CHECK (char_length(endpoint_id) <= 255), -- Stripe's; NULL while none was ever seen
    registered  boolean NOT NULL DEFAULT false, -- whether the gateway made that endpoint
    heard_at    timestamptz, -- when nothing was lost last; NULL: never seen so
    checked_at  timestamptz NOT NULL DEFAULT '-infinity', -- when a process last began to look
    PRIMARY KEY (app_id, connect)
);
