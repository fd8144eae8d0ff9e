-- AppStore.keyConfirmed: a key is shown to Stripe before it is used, unless it is the one that was.
ALTER TABLE apps
    ADD COLUMN key_fingerprint text CHECK (char_length(key_fingerprint) <= 64); -- of the key of the settings that was found to be the account's; NULL: none was yet

-- LostSessions.READ_AGAIN: sessions that Stripe did not know when it was asked; there are few, or a wrong key was used.
CREATE INDEX checkout_sessions_lost ON checkout_sessions (app_id) WHERE overdue_read_at = 'infinity';
