-- What a backfill changed, or a recovery sends again: it waits until nothing that is news is due.
ALTER TABLE webhook_deliveries ADD COLUMN later boolean NOT NULL DEFAULT false;
-- DeliveryStore.claim: which endpoints have anything pending, and what is due at one of them, the longest due first.
DROP INDEX webhook_deliveries_due;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, later, next_attempt_at) WHERE state = 'pending';
-- DeliveryStore.claim: what of a session is to come before it.
CREATE INDEX webhook_deliveries_of_session ON webhook_deliveries (endpoint_id, session_id, position)
    WHERE state = 'pending';

-- What a backfill or a repair found already ended when the session was new to us: history, which is told when an event
-- of Stripe's speaks of it, and else is not (SessionChanges).
ALTER TABLE checkout_session_transitions ADD COLUMN held_back boolean NOT NULL DEFAULT false;
