-- Where an app lets its customers be sent when they leave Stripe's page; no row and an empty list allow every public host.
CREATE TABLE app_redirect_hosts (
    app_id     text PRIMARY KEY REFERENCES apps (id) ON DELETE CASCADE,
    hosts      text[] NOT NULL CHECK (cardinality(hosts) <= 100), -- shop.example.com, *.example.com
    version    bigint NOT NULL DEFAULT 1, -- counts the changes, for If-Match
    updated_at timestamptz NOT NULL DEFAULT now()
);
