-- A migration of its own, since adding columns keeps everybody out for as long as its transaction lasts.
-- MirrorSessions.claimOpenEnded.
CREATE INDEX checkout_sessions_read_due ON checkout_sessions (app_id, read_due_at) WHERE read_due_at IS NOT NULL;

-- Those of the last month are looked at once the service runs, spread over an hour; a drift report finds older ones.
UPDATE checkout_sessions
SET read_due_at = now() + random() * interval '1 hour'
WHERE namespace IN (SELECT namespace FROM apps)
  AND status = 'complete'
  AND created_at > now() - interval '31 days'
  AND stripe_created_at > now() - interval '31 days'
  AND CASE mode
      WHEN 'setup' THEN coalesce(setup_intent_status, '') NOT IN ('succeeded', 'canceled')
      ELSE payment_status = 'unpaid' END;
