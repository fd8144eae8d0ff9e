-- Apps are installed over the API: what they are called, how far they have come, and what is still to be done for them.
ALTER TABLE apps DROP CONSTRAINT apps_type_check;
ALTER TABLE apps
    ADD CONSTRAINT apps_type_check CHECK (type IN ('stripe', 'sandbox')),
    ADD COLUMN place           bigint NOT NULL GENERATED ALWAYS AS IDENTITY, -- in lists
    ADD COLUMN name            text NOT NULL DEFAULT 'Stripe' CHECK (char_length(name) BETWEEN 1 AND 256),
    ADD COLUMN description     text CHECK (char_length(description) <= 1024),
    ADD COLUMN labels          jsonb NOT NULL DEFAULT '{}',
    -- Nobody sees an app that is installing. One that is leaving serves nobody, and keeps its key to clear up with.
    ADD COLUMN state           text NOT NULL DEFAULT 'ready'
                               CHECK (state IN ('installing', 'ready', 'unauthorized', 'leaving', 'gone')),
    ADD COLUMN masked_api_key  text NOT NULL DEFAULT '' CHECK (char_length(masked_api_key) <= 32),
    ADD COLUMN billing_profile boolean NOT NULL DEFAULT false, -- whether customers can be served by it
    ADD COLUMN is_default      boolean NOT NULL DEFAULT false, -- whether it serves those that name no other
    ADD COLUMN updated_at      timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN deleted_at      timestamptz,
    ADD COLUMN version         bigint NOT NULL DEFAULT 1,
    -- Who asked for the install, with which request. The request's Idempotency-Key names the app as it does a session.
    ADD COLUMN asked_by        text CHECK (char_length(asked_by) <= 320),
    ADD COLUMN asked_with      text CHECK (char_length(asked_with) <= 128),
    -- The owner of what is to be done at Stripe.
    ADD COLUMN due_at          timestamptz, -- NULL: nothing is; in the future while someone works at it
    ADD COLUMN lease           bigint NOT NULL DEFAULT 0, -- fences off those who worked at it before
    ADD COLUMN attempts        integer NOT NULL DEFAULT 0, -- since something was done
    ADD CONSTRAINT apps_default_serves CHECK (NOT is_default OR billing_profile AND deleted_at IS NULL),
    ADD CONSTRAINT apps_deleted_are_leaving CHECK ((deleted_at IS NOT NULL) = (state IN ('leaving', 'gone')));
UPDATE apps SET billing_profile = true WHERE configured;

-- AppTaskStore.begin: an account is installed once in a namespace and mode.
CREATE UNIQUE INDEX apps_account ON apps (namespace, stripe_account_id, livemode)
    WHERE deleted_at IS NULL AND NOT configured;
-- AppStore.defaultOf: one for each namespace.
CREATE UNIQUE INDEX apps_default ON apps (namespace) WHERE is_default;
-- InstalledAppStore.list.
CREATE INDEX apps_by_namespace ON apps (namespace, place) WHERE deleted_at IS NULL;
-- AppTaskStore.claim.
CREATE INDEX apps_due ON apps (due_at) WHERE due_at IS NOT NULL;

-- The webhook endpoints that the gateway has, or may have, at Stripe. A row goes when its endpoint is gone.
CREATE TABLE app_webhooks (
    id                 text PRIMARY KEY CHECK (char_length(id) = 26), -- in the endpoint's metadata and in its create's key
    app_id             text NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    parameters         jsonb NOT NULL, -- what Stripe is asked to create, frozen, so that the create can be repeated
    stripe_endpoint_id text CHECK (char_length(stripe_endpoint_id) <= 255), -- NULL until Stripe answered
    retire_after       interval NOT NULL DEFAULT '0', -- how long the endpoints before it stay once it is there
    retire_at          timestamptz, -- NULL: it stays
    created_at         timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX app_webhooks_by_app ON app_webhooks (app_id);

-- Keys and signing secrets, each sealed for its row: associated data are namespace, kind and id.
CREATE TABLE app_secrets (
    kind      text NOT NULL CHECK (kind IN ('app.api_key', 'app.webhook_secret')),
    id        text NOT NULL, -- of the app for its key, of the webhook for its secret
    namespace text NOT NULL,
    app_id    text NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    sealed    bytea NOT NULL CHECK (octet_length(sealed) BETWEEN 1 AND 4096), -- as Vault writes it
    PRIMARY KEY (kind, id)
);
CREATE INDEX app_secrets_by_app ON app_secrets (app_id);
