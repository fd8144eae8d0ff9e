-- The data keys that secrets in other tables are sealed with, themselves sealed under a key that is not in the database.
-- One row: replicas that start together on an empty database agree on whichever came first.
CREATE TABLE secret_keyset (
    id         smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    wrapped    bytea NOT NULL CHECK (octet_length(wrapped) BETWEEN 1 AND 16384), -- Tink's encrypted keyset
    wrapped_by text NOT NULL CHECK (char_length(wrapped_by) BETWEEN 1 AND 64), -- a fingerprint of the sealing key
    version    bigint NOT NULL DEFAULT 1 CHECK (version > 0), -- grows with the data keys, not with the sealing key
    retired_at timestamptz, -- since when older data keys only open; NULL: there are no older ones
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- Each entry of the audit log, in the order in which it was linked. Only ever added to.
CREATE TABLE audit_chain (
    position  bigint PRIMARY KEY CHECK (position > 0), -- 1, 2, 3, … without a gap
    entry_id  bigint NOT NULL UNIQUE REFERENCES audit_log (id),
    hash      bytea NOT NULL CHECK (octet_length(hash) = 32), -- SHA-256 (hash before || the entry as the program writes it)
    linked_at timestamptz NOT NULL DEFAULT now()
);

-- list-audit-log: a namespace's entries, the newest first; those of an actor; those of a thing. New entries go to the
-- right end of each, which costs the create of a session little.
CREATE INDEX audit_log_of_namespace ON audit_log (namespace, id);
CREATE INDEX audit_log_of_actor ON audit_log (namespace, actor, id);
CREATE INDEX audit_log_of_resource ON audit_log (namespace, resource, id);
