-- An event that only calls for a reading reaches its row when that is done: its lag is told then, whoever dies meanwhile.
-- The events that wait for the follow-up, the first hundred in the order in which they called for it; NULL or empty: none.
ALTER TABLE follow_ups
    ADD COLUMN events_created  timestamptz[], -- when each happened, by Stripe's clock
    ADD COLUMN events_received timestamptz[]; -- when each was stored, in the same order
