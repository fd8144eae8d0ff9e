-- AppStore.keyConfirmed: a key is shown to Stripe before it is used, unless it is the one that was.
ALTER TABLE apps
    ADD COLUMN key_fingerprint text -- of the key of the settings that was found to be the account's; NULL: none was yet
        CHECK (char_length(key_fingerprint) <= 64);
