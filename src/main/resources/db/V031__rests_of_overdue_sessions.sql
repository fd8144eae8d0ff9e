-- OverdueStore.claimOverdue: those that wait longest first. overdue_read_at lies ahead by the time for which a session
-- that does not end is not to be read; infinity: no more, since Stripe lost it or a month is over. The index that this
-- one replaces goes in a migration of its own: a lock that grows meets those who wait for it to end.
CREATE INDEX checkout_sessions_overdue_next ON checkout_sessions (app_id, coalesce(overdue_read_at, expires_at))
    WHERE status = 'open';

-- LostSessions.READ_AGAIN: sessions that Stripe did not know when it was asked; few, or a wrong key was used.
CREATE INDEX checkout_sessions_lost ON checkout_sessions (app_id) WHERE overdue_read_at = 'infinity';
