-- Whom the gateway tells of news, and what became of each telling.

CREATE TABLE webhook_endpoints (
    id              text PRIMARY KEY CHECK (char_length(id) = 26),
    place           bigint NOT NULL GENERATED ALWAYS AS IDENTITY, -- in lists
    namespace       text NOT NULL CHECK (char_length(namespace) BETWEEN 1 AND 63),
    url             text NOT NULL CHECK (char_length(url) BETWEEN 1 AND 2048),
    description     text CHECK (char_length(description) <= 1024),
    event_types     text[] NOT NULL DEFAULT '{}' CHECK (cardinality(event_types) <= 50), -- empty: all
    state           text NOT NULL DEFAULT 'enabled' CHECK (state IN ('enabled', 'disabled', 'deleted')),
    disabled_reason text CHECK (disabled_reason IN ('requested', 'gone', 'failing')),
    disabled_at     timestamptz,
    after_position  bigint NOT NULL, -- the feed's end when the endpoint was made: older news are not for it
    failing_since   timestamptz, -- NULL: the last attempt was a success, or there was none
    not_before      timestamptz, -- it asked to be left alone until then (Retry-After)
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    version         bigint NOT NULL DEFAULT 1,
    CHECK ((state = 'disabled') = (disabled_reason IS NOT NULL)),
    CHECK ((disabled_reason IS NULL) = (disabled_at IS NULL))
);
-- WebhookEndpointStore.list, and its count; DeliveryStore.fanOut.
CREATE INDEX webhook_endpoints_by_namespace ON webhook_endpoints (namespace, place) WHERE state <> 'deleted';
-- DeliveryStore.claim looks at each enabled endpoint.
CREATE INDEX webhook_endpoints_enabled ON webhook_endpoints (id) WHERE state = 'enabled';
-- DeliveryStore.skip and forget look at the others.
CREATE INDEX webhook_endpoints_not_enabled ON webhook_endpoints (id) WHERE state <> 'enabled';

-- The secrets that an endpoint's messages are signed with: the newest for good, those before it until they expire.
CREATE TABLE webhook_secrets (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    endpoint_id text NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
    secret      bytea NOT NULL CHECK (octet_length(secret) BETWEEN 1 AND 1024), -- as SealedSecret writes it
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz, -- NULL for the newest
    PRIMARY KEY (endpoint_id, id)
);

-- One message for one endpoint. What it says is kept here, because the feed may be forgotten before the last attempt.
CREATE TABLE webhook_deliveries (
    endpoint_id     text NOT NULL REFERENCES webhook_endpoints (id),
    position        bigint NOT NULL, -- of the news in the feed
    message_id      text NOT NULL CHECK (char_length(message_id) <= 64), -- the same for every endpoint and attempt
    session_id      text NOT NULL,
    type            text NOT NULL,
    data            jsonb NOT NULL,
    published_at    timestamptz NOT NULL, -- when it came into the feed
    state           text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed', 'skipped')),
    attempts        integer NOT NULL DEFAULT 0,
    claim           bigint NOT NULL DEFAULT 0, -- each number fences off the holders of smaller ones
    next_attempt_at timestamptz NOT NULL DEFAULT now(), -- while someone tries: when another may take over
    last_attempt_at timestamptz,
    settled_at      timestamptz, -- NULL while pending
    last_status     integer, -- HTTP's; NULL when there was no answer
    last_error      text CHECK (char_length(last_error) <= 64), -- why there was no answer
    -- DeliveryStore.fanOut: an endpoint gets each news once. DeliveryLog.list: the newest first.
    PRIMARY KEY (endpoint_id, position)
) WITH (
    -- Each row is written three times within moments, in a table of millions: dead rows must not wait for a fifth of it.
    autovacuum_vacuum_scale_factor = 0.01
);
-- DeliveryStore.claim: what is due at one endpoint, the longest due first.
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, next_attempt_at) WHERE state = 'pending';
-- DeliveryLog.list, of one state.
CREATE INDEX webhook_deliveries_by_state ON webhook_deliveries (endpoint_id, state, position);
-- DeliveryStore.forget.
CREATE INDEX webhook_deliveries_settled ON webhook_deliveries (settled_at) WHERE settled_at IS NOT NULL;

-- How far the feed has been turned into deliveries. Whoever holds the row's lock goes on.
CREATE TABLE webhook_fan_out (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    position bigint NOT NULL
);
INSERT INTO webhook_fan_out (position) VALUES (0);
