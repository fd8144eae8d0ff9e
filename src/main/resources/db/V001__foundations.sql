-- Times are database time, so that the clocks of replicas do not matter.
-- Ids of ours are ULIDs (26 characters); ids of Stripe's are theirs (255 at most, as Stripe's upgrade guide promises).

CREATE TABLE api_keys (
    id           text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{16}$'),
    namespace    text NOT NULL CHECK (char_length(namespace) BETWEEN 1 AND 63),
    name         text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 256),
    hash         bytea NOT NULL CHECK (octet_length(hash) = 32), -- SHA-256 of the whole key; the key itself is nowhere
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz, -- NULL: lives until it is revoked
    revoked_at   timestamptz
);

CREATE TABLE apps (
    id                text PRIMARY KEY CHECK (char_length(id) = 26),
    namespace         text NOT NULL CHECK (char_length(namespace) BETWEEN 1 AND 63),
    type              text NOT NULL CHECK (type IN ('stripe')),
    stripe_account_id text CHECK (char_length(stripe_account_id) <= 255), -- NULL until Stripe told it
    livemode          boolean NOT NULL,
    configured        boolean NOT NULL, -- true: its secrets come from the settings, not from this database
    created_at        timestamptz NOT NULL DEFAULT now()
);
-- AppStore.ensureConfigured: one configured app for each namespace and mode.
CREATE UNIQUE INDEX apps_configured ON apps (namespace, livemode) WHERE configured;

CREATE TABLE customers (
    id              text PRIMARY KEY CHECK (char_length(id) = 26),
    namespace       text NOT NULL,
    key             text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 256),
    name            text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 256),
    description     text CHECK (char_length(description) <= 1024),
    labels          jsonb NOT NULL DEFAULT '{}',
    subject_keys    text[], -- NULL: no usage attribution was given
    primary_email   text,
    currency        text CHECK (currency ~ '^[A-Z]{3}$'),
    billing_address jsonb,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    deleted_at      timestamptz
);
-- CustomerStore.add: keys are unique among the living.
CREATE UNIQUE INDEX customers_key ON customers (namespace, key) WHERE deleted_at IS NULL;

-- A subject belongs to one customer of a namespace; a row each, so that the index can say so.
CREATE TABLE customer_subjects (
    namespace   text NOT NULL,
    subject_key text NOT NULL CHECK (char_length(subject_key) >= 1),
    customer_id text NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    PRIMARY KEY (namespace, subject_key)
);

CREATE TABLE stripe_customer_links (
    id                 text PRIMARY KEY CHECK (char_length(id) = 26),
    namespace          text NOT NULL,
    app_id             text NOT NULL REFERENCES apps (id),
    customer_id        text NOT NULL REFERENCES customers (id),
    stripe_customer_id text CHECK (char_length(stripe_customer_id) <= 255), -- NULL until Stripe answered
    parameters         jsonb NOT NULL, -- what Stripe is asked to create, frozen with the attempt
    attempt            integer NOT NULL DEFAULT 1 CHECK (attempt >= 1),
    attempt_started_at timestamptz NOT NULL DEFAULT now(),
    created_at         timestamptz NOT NULL DEFAULT now(),
    -- StripeCustomerLinks.ensure: one counterpart for each customer and account, whoever asks first.
    UNIQUE (app_id, customer_id),
    UNIQUE (app_id, stripe_customer_id)
);

CREATE SEQUENCE create_leases; -- each number fences off the holders of smaller ones

CREATE TABLE checkout_sessions (
    id                         text PRIMARY KEY CHECK (char_length(id) = 26),
    djstripe_id                integer NOT NULL GENERATED ALWAYS AS IDENTITY UNIQUE,
    namespace                  text NOT NULL,
    app_id                     text NOT NULL REFERENCES apps (id),
    stripe_account_id          text, -- NULL until Stripe told it
    livemode                   boolean NOT NULL,
    customer_id                text REFERENCES customers (id), -- NULL: another service of the account made the session
    stripe_customer_id         text,

    status                     text NOT NULL CHECK (status IN ('creating', 'open', 'complete', 'expired', 'failed')),
    failure_code               text, -- set with status failed
    failure_detail             text,

    -- The create, until Stripe answered.
    parameters                 jsonb, -- frozen with the attempt; NULL for sessions of other services
    requested_metadata         jsonb NOT NULL DEFAULT '{}',
    attempt                    integer NOT NULL DEFAULT 1,
    attempt_started_at         timestamptz NOT NULL DEFAULT now(),
    lease                      bigint NOT NULL DEFAULT 0,
    lease_until                timestamptz NOT NULL DEFAULT now(),
    tries                      integer NOT NULL DEFAULT 1,

    -- What Stripe said last. The object is the truth; the columns after it are what lists filter and sort by.
    stripe                     jsonb,
    stripe_as_of               timestamptz,
    stripe_session_id          text CHECK (char_length(stripe_session_id) <= 255),
    mode                       text,
    ui_mode                    text,
    payment_status             text,
    currency                   text,
    payment_intent_id          text,
    subscription_id            text,
    client_reference_id        text,
    customer_email             text,
    locale                     text,
    success_url                text,
    cancel_url                 text,
    billing_address_collection text,
    submit_type                text,
    metadata                   jsonb NOT NULL DEFAULT '{}', -- the caller's keys only
    stripe_created_at          timestamptz,
    expires_at                 timestamptz,

    setup_intent_id            text,
    setup_intent_status        text,
    payment_method_id          text,
    setup_error                jsonb, -- code, decline_code, message of the last failed attempt
    setup_intent_as_of         timestamptz,

    created_at                 timestamptz NOT NULL DEFAULT now(),
    updated_at                 timestamptz NOT NULL DEFAULT now(),
    completed_at               timestamptz,
    version                    bigint NOT NULL DEFAULT 1,

    CHECK ((status = 'failed') = (failure_code IS NOT NULL)),
    CHECK (status IN ('creating', 'failed') OR stripe IS NOT NULL)
);
-- SessionStore.observe, EventStore.apply: an event names Stripe's id.
CREATE UNIQUE INDEX checkout_sessions_stripe_id ON checkout_sessions (app_id, stripe_session_id);
-- EventStore.apply: a setup_intent event names the SetupIntent only.
CREATE INDEX checkout_sessions_setup_intent ON checkout_sessions (app_id, setup_intent_id);
-- SessionStore.find: by Stripe's id within a namespace.
CREATE INDEX checkout_sessions_namespace_stripe_id ON checkout_sessions (namespace, stripe_session_id);
-- SessionStore.list: the preset order, and the three other orders.
CREATE INDEX checkout_sessions_by_creation ON checkout_sessions (namespace, created_at, id);
CREATE INDEX checkout_sessions_by_update ON checkout_sessions (namespace, updated_at, id);
CREATE INDEX checkout_sessions_by_expiry ON checkout_sessions (namespace, (coalesce(expires_at, 'infinity')), id);
CREATE INDEX checkout_sessions_by_id ON checkout_sessions (namespace, id);
-- SessionStore.list: the filters that pick few of many.
CREATE INDEX checkout_sessions_by_customer ON checkout_sessions (namespace, customer_id, created_at);
CREATE INDEX checkout_sessions_by_stripe_customer ON checkout_sessions (namespace, stripe_customer_id, created_at);
CREATE INDEX checkout_sessions_by_reference ON checkout_sessions (namespace, client_reference_id, created_at);
CREATE INDEX checkout_sessions_by_status ON checkout_sessions (namespace, status, created_at);
CREATE INDEX checkout_sessions_by_metadata ON checkout_sessions USING gin (metadata jsonb_path_ops);
-- SessionStore.claimUnfinished.
CREATE INDEX checkout_sessions_unfinished ON checkout_sessions (lease_until) WHERE status = 'creating';

CREATE TABLE checkout_session_transitions (
    session_id  text NOT NULL REFERENCES checkout_sessions (id) ON DELETE CASCADE,
    sequence    bigint NOT NULL, -- the session's version that this change made
    from_status text, -- NULL for the first
    to_status   text NOT NULL,
    reason      text NOT NULL,
    source      text NOT NULL CHECK (source IN ('api', 'event', 'reconciler', 'refresh')),
    event_id    text,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (session_id, sequence)
);

CREATE TABLE idempotency_keys (
    namespace    text NOT NULL,
    operation    text NOT NULL,
    key          text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 255),
    request_hash bytea NOT NULL CHECK (octet_length(request_hash) = 32),
    session_id   text, -- NULL where the operation makes no session
    status       integer, -- NULL until there is an answer, like the next two
    content_type text,
    body         bytea,
    location     text, -- NULL for an answer to a request that made nothing
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (namespace, operation, key)
);
-- SessionStore.complete and fail.
CREATE INDEX idempotency_keys_session ON idempotency_keys (session_id);
-- SessionStore.forgetAnswers.
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

CREATE TABLE stripe_events (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    app_id          text NOT NULL REFERENCES apps (id),
    event_id        text NOT NULL CHECK (char_length(event_id) <= 255),
    type            text NOT NULL CHECK (char_length(type) <= 255),
    api_version     text,
    account         text, -- the connected account, when there is one
    livemode        boolean,
    created         timestamptz NOT NULL, -- Stripe's time, whole seconds
    body            bytea NOT NULL, -- as signed
    received_at     timestamptz NOT NULL DEFAULT now(),
    state           text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'applied', 'ignored', 'quarantined')),
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    settled_at      timestamptz,
    outcome         text, -- why it was ignored or set aside, or what went wrong last
    -- Inbox.add: an event is stored once, however often it is delivered.
    UNIQUE (app_id, event_id)
);
-- EventStore.settleNext: the oldest first.
CREATE INDEX stripe_events_pending ON stripe_events (next_attempt_at, id) WHERE state = 'pending';

CREATE TABLE outbox (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    namespace  text NOT NULL,
    session_id text NOT NULL,
    sequence   bigint NOT NULL, -- of the transition that it tells about
    created_at timestamptz NOT NULL DEFAULT now()
);
-- Readers of one namespace's news, in order.
CREATE INDEX outbox_by_namespace ON outbox (namespace, id);
