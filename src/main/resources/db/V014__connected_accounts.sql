-- Connected accounts (Stripe Connect) of which an app's events, sessions or customers told; its own account is none.
CREATE TABLE connected_accounts (
    app_id          text NOT NULL REFERENCES apps (id),
    account         text NOT NULL CHECK (char_length(account) BETWEEN 1 AND 255),
    number          bigint NOT NULL GENERATED ALWAYS AS IDENTITY, -- the order of lists
    known_since     timestamptz NOT NULL DEFAULT now(),
    seen_at         timestamptz NOT NULL, -- the newest sign of a connection; up to an hour behind, to be written rarely
    disconnected_at timestamptz, -- NULL while it is connected
    disconnected_by text CHECK (disconnected_by IN ('deauthorized', 'refused')), -- what led to it: an event, or a refusal
    doubted_at      timestamptz, -- since then seen_at is exact: a refusal of a later call is believed
    doubted_by      text CHECK (doubted_by IN ('deauthorized', 'refused')),
    due_at          timestamptz NOT NULL DEFAULT now(), -- when Stripe is asked in its name next; during a turn, its lease's end
    -- The column that tells rows apart comes first, as in V002.
    PRIMARY KEY (account, app_id),
    CHECK ((disconnected_at IS NULL) = (disconnected_by IS NULL)),
    CHECK ((doubted_at IS NULL) = (doubted_by IS NULL)),
    CHECK (disconnected_at IS NULL OR doubted_at IS NULL)
);
-- ConnectedAccountStore.next: thousands of accounts of an app take turns.
CREATE INDEX connected_accounts_due ON connected_accounts (app_id, due_at);
-- ConnectedAccountStore.list.
CREATE INDEX connected_accounts_by_app ON connected_accounts (app_id, number);

INSERT INTO connected_accounts (app_id, account, seen_at)
SELECT told.app_id, told.account, max(told.at)
FROM (SELECT app_id, account, created AS at FROM stripe_events WHERE account IS NOT NULL
      UNION ALL
      SELECT app_id, account, created_at FROM stripe_customer_links
      WHERE account <> '' AND stripe_customer_id IS NOT NULL
      UNION ALL
      SELECT s.app_id, s.stripe_account_id, s.stripe_created_at
      FROM checkout_sessions s
      JOIN apps own ON own.id = s.app_id
      WHERE s.stripe_account_id <> own.stripe_account_id AND s.stripe_created_at IS NOT NULL) told
JOIN apps a ON a.id = told.app_id
WHERE told.account IS DISTINCT FROM a.stripe_account_id
GROUP BY told.app_id, told.account;

-- An account that connects again: what is to be done for it is tried anew.
CREATE INDEX follow_ups_by_account ON follow_ups (account, app_id) WHERE account IS NOT NULL;

-- Undelivered events are asked for in each account's name.
ALTER TABLE catch_ups
    ADD COLUMN account text NOT NULL DEFAULT '' CHECK (char_length(account) <= 255), -- '': the app's own
    DROP CONSTRAINT catch_ups_pkey,
    ADD PRIMARY KEY (account, app_id);

-- Endpoints that hear of connected accounts, beside those that hear of the app's own.
ALTER TABLE app_webhooks
    ADD COLUMN connect    boolean NOT NULL DEFAULT false,
    -- Who asked for it, with which request: others may ask for something else of the app until it is registered.
    ADD COLUMN asked_by   text CHECK (char_length(asked_by) <= 320),
    ADD COLUMN asked_with text CHECK (char_length(asked_with) <= 128);
UPDATE app_webhooks w SET asked_by = a.asked_by, asked_with = a.asked_with FROM apps a WHERE a.id = w.app_id;
