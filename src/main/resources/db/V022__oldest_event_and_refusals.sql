-- EventStore.backlog: events that failed and wait for their next attempt are not the first in the line, and may be the
-- oldest. No event is in here when it is stored, and hardly any later.
CREATE INDEX stripe_events_retried ON stripe_events (received_at)
    WHERE state = 'pending' AND attempts > 0 AND settled_at IS NULL;

-- Deliveries that were refused: one row for each app and reason, however many come, since anyone may send them. Nothing
-- of what they said is kept.
CREATE TABLE refused_deliveries (
    app_id       text NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    reason       text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 64),
    number       bigint NOT NULL GENERATED ALWAYS AS IDENTITY, -- the order of lists
    count        bigint NOT NULL CHECK (count >= 1),
    first_at     timestamptz NOT NULL DEFAULT now(),
    last_at      timestamptz NOT NULL DEFAULT now(), -- some seconds late at most
    last_address text CHECK (char_length(last_address) <= 64), -- where the last one's connection came from
    PRIMARY KEY (app_id, reason)
);
