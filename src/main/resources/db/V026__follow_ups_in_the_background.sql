-- What a backfill leaves to do is done in what callers leave of Stripe's rate, and in a line of its own.
ALTER TABLE follow_ups
    ADD COLUMN background boolean NOT NULL DEFAULT false; -- nobody waits for it; a live wish for the same makes it false

-- FollowUpStore.claim: line items are in the background too, also those that a replica of before wished for.
CREATE INDEX follow_ups_news_due ON follow_ups (next_attempt_at, id)
    WHERE state = 'pending' AND NOT (background OR kind = 'fetch_line_items');
CREATE INDEX follow_ups_background_due ON follow_ups (next_attempt_at, id)
    WHERE state = 'pending' AND (background OR kind = 'fetch_line_items');
DROP INDEX follow_ups_due, follow_ups_line_items_due;
