-- CatchUpStore.done: what was wished for may be older than Stripe remembers; the rest is a gap.
ALTER TABLE catch_ups
    ADD COLUMN sweep_wish timestamptz; -- of the sweep under way: since when all events were wished for; NULL: not wished for

-- CatchUpStore.closed: a run without a beginning of its own has read everything, however short the account's past is.
ALTER TABLE mirror_runs
    ADD COLUMN from_beginning boolean NOT NULL DEFAULT false; -- planned from where the account begins

-- AppTaskStore.begin: an account that is installed again gets its app back, whose sessions, links and runs go on.
ALTER TABLE apps
    ADD COLUMN returned_at timestamptz; -- when an uninstalled app was installed again last; NULL: never
-- AppTaskStore.former.
CREATE INDEX apps_former ON apps (namespace, stripe_account_id) WHERE deleted_at IS NOT NULL AND NOT configured;
