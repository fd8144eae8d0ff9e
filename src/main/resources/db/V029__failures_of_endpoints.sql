-- Failures that lie far apart are no failing: what an endpoint did in the days between nobody knows.

ALTER TABLE webhook_endpoints
    ADD COLUMN last_failed_at timestamptz; -- the last failed attempt, to the hour; NULL: none since it was counted
-- Those that fail now shall not begin anew.
UPDATE webhook_endpoints SET last_failed_at = now() WHERE failing_since IS NOT NULL;
