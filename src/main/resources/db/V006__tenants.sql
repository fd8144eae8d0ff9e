-- Callers may do what their scopes say; keys made before there were scopes could do everything.
ALTER TABLE api_keys
    ADD COLUMN scopes text[] NOT NULL DEFAULT '{admin}' CHECK (cardinality(scopes) BETWEEN 1 AND 20);
ALTER TABLE api_keys ALTER COLUMN scopes DROP DEFAULT;

-- Who did what, when, with which request. Written in the transaction of the change itself; never changed, never deleted.
CREATE TABLE audit_log (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    namespace   text NOT NULL CHECK (char_length(namespace) BETWEEN 1 AND 63),
    actor       text NOT NULL CHECK (char_length(actor) BETWEEN 1 AND 320), -- such as api_key:0123456789abcdef
    action      text NOT NULL CHECK (char_length(action) BETWEEN 1 AND 64), -- such as customer.created
    resource    text NOT NULL CHECK (char_length(resource) BETWEEN 1 AND 320), -- such as customer:01J…
    request_id  text NOT NULL CHECK (char_length(request_id) BETWEEN 1 AND 128),
    before_hash bytea CHECK (octet_length(before_hash) = 32), -- SHA-256 of the state before; NULL: there was none
    after_hash  bytea CHECK (octet_length(after_hash) = 32) -- NULL: there is none any more
);

-- Entries that are not linked into the chain yet. Entries commit in any order; the chain is made after the fact.
CREATE TABLE audit_unchained (
    entry_id bigint PRIMARY KEY REFERENCES audit_log (id)
);
