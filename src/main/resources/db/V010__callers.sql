-- Keys are listed in the order in which they were made, with when they were last seen.
ALTER TABLE api_keys
    ADD COLUMN place        bigint GENERATED ALWAYS AS IDENTITY,
    ADD COLUMN last_used_at timestamptz; -- written once a minute at most; NULL: not used since this is noted
-- ApiKeyStore.list
CREATE UNIQUE INDEX api_keys_listed ON api_keys (namespace, place);

-- What is left of callers' rates, in the form of the library that counts. Not logged: a crash forgets the counts, and
-- everybody begins anew. No index on expires_at: it changes with each count, and an index would make each of them dearer;
-- the rows are those of the last minutes.
CREATE UNLOGGED TABLE rate_limit_buckets (
    id         text PRIMARY KEY CHECK (char_length(id) BETWEEN 1 AND 400),
    state      bytea NOT NULL CHECK (octet_length(state) <= 1024),
    expires_at timestamptz NOT NULL -- from then on it is full, and as good as none
) WITH (fillfactor = 50);
