-- EventStore.backlog: events that failed and wait for their next attempt are not the first in the line, and may be the
-- oldest. No event is in here when it is stored, and hardly any later.
CREATE INDEX stripe_events_retried ON stripe_events (received_at)
    WHERE state = 'pending' AND attempts > 0 AND settled_at IS NULL;
