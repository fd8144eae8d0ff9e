-- OverdueStore.claimOverdue: those that wait longest first. overdue_read_at lies ahead by the time for which a session
-- that does not end is not to be read; infinity: no more, since Stripe lost it or a month is over.
CREATE INDEX checkout_sessions_overdue_next ON checkout_sessions (app_id, coalesce(overdue_read_at, expires_at))
    WHERE status = 'open';
DROP INDEX checkout_sessions_overdue;

-- EventStore.backlog: of those that were tried, also those whose attempt does not count.
DROP INDEX stripe_events_retried;
CREATE INDEX stripe_events_retried ON stripe_events (coalesce(replayed_at, received_at))
    WHERE state = 'pending' AND outcome IS NOT NULL;

-- Of two set up in one second the one with the greater id is the choice, also while neither is the default any more.
ALTER TABLE stripe_customer_links
    ADD COLUMN default_payment_method_set_up text -- the greatest set up here in the second of default_payment_method_as_of
        CHECK (char_length(default_payment_method_set_up) <= 255); -- NULL: that choice was not made by a set-up, or before this
