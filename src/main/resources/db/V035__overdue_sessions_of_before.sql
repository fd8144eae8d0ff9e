-- checkout_sessions_overdue_next (V031) has taken its place.
DROP INDEX checkout_sessions_overdue;
