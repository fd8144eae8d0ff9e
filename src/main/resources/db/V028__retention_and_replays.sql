-- What a vacuum frees is used again, and no summary of a range of pages ever narrows: in a table that has kept its size
-- for as long as its rows are kept, every range may hold old rows.
DROP INDEX stripe_events_age, checkout_session_transitions_age;
-- SessionStore.forgetHistory: the oldest first. Events are found by their ids, which grow as their times do.
CREATE INDEX checkout_session_transitions_age ON checkout_session_transitions (recorded_at);

-- When somebody wished for an event to be applied again, last: its attempts may fail, and it waits since then.
ALTER TABLE stripe_events ADD COLUMN replayed_at timestamptz; -- NULL when nobody did
UPDATE stripe_events SET replayed_at = least(next_attempt_at, now()) WHERE state = 'pending' AND settled_at IS NOT NULL;
-- EventStore.backlog, as before, and of those that are applied again too.
DROP INDEX stripe_events_retried;
CREATE INDEX stripe_events_retried ON stripe_events (coalesce(replayed_at, received_at))
    WHERE state = 'pending' AND attempts > 0;
