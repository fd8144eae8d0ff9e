-- EventStore.backlog: of those that were tried, also those whose attempt does not count. The strongest lock comes first.
DROP INDEX stripe_events_retried;
CREATE INDEX stripe_events_retried ON stripe_events (coalesce(replayed_at, received_at))
    WHERE state = 'pending' AND outcome IS NOT NULL;
