-- A walk over all sessions of a Stripe account: to copy them, or to compare them with what is here.
CREATE TABLE mirror_runs (
    id          text PRIMARY KEY CHECK (char_length(id) = 26),
    number      bigint NOT NULL GENERATED ALWAYS AS IDENTITY UNIQUE, -- the order of lists
    namespace   text NOT NULL,
    app_id      text NOT NULL REFERENCES apps (id),
    account     text CHECK (char_length(account) <= 255), -- the connected account; NULL: the app's own
    kind        text NOT NULL CHECK (kind IN ('backfill', 'drift_report')),
    repair      boolean NOT NULL DEFAULT false, -- of a report: what is found is mended too
    state       text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'completed', 'failed', 'canceled')),
    failure     text CHECK (char_length(failure) <= 500), -- why it failed
    range_from  timestamptz, -- of the sessions' creation at Stripe; NULL until the account's beginning is known
    range_to    timestamptz NOT NULL, -- exclusive
    created_at  timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz, -- NULL while it runs
    CHECK ((state = 'running') = (finished_at IS NULL)),
    CHECK ((state = 'failed') = (failure IS NOT NULL))
);
-- RunStore.start: one of a kind at a time.
CREATE UNIQUE INDEX mirror_runs_active ON mirror_runs (app_id, coalesce(account, ''), kind) WHERE state = 'running';
-- RunStore.list.
CREATE INDEX mirror_runs_by_namespace ON mirror_runs (namespace, kind, number);

-- A part of a run, which one replica works at at a time, a page after the other. About a hundred for each run.
CREATE TABLE mirror_windows (
    run_id            text NOT NULL REFERENCES mirror_runs (id) ON DELETE CASCADE,
    number            integer NOT NULL,
    part              text NOT NULL CHECK (part IN ('plan', 'sessions', 'findings')),
    range_from        timestamptz, -- NULL but for sessions
    range_to          timestamptz, -- exclusive
    state             text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'dropped')),
    cursor_id         text, -- the last session that was done, or the last finding's number; NULL: none yet
    cursor_second     timestamptz, -- that session's second …
    cursor_ids        text[] NOT NULL DEFAULT '{}', -- … and all that were done of it
    attempts          integer NOT NULL DEFAULT 0, -- since the last page that was done
    lease             bigint NOT NULL DEFAULT 0, -- fences off those who worked at it before
    next_attempt_at   timestamptz NOT NULL DEFAULT now(), -- in the future while someone works at it
    pages             bigint NOT NULL DEFAULT 0,
    seen              bigint NOT NULL DEFAULT 0,
    added             bigint NOT NULL DEFAULT 0,
    changed           bigint NOT NULL DEFAULT 0,
    unreadable        bigint NOT NULL DEFAULT 0,
    -- Those of findings are below zero, for what was a difference only for a moment.
    missing_here      bigint NOT NULL DEFAULT 0,
    missing_at_stripe bigint NOT NULL DEFAULT 0,
    differs           bigint NOT NULL DEFAULT 0,
    repaired          bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (run_id, number)
);
-- RunStore.claim.
CREATE INDEX mirror_windows_due ON mirror_windows (next_attempt_at) WHERE state = 'pending';

CREATE TABLE mirror_findings (
    run_id            text NOT NULL REFERENCES mirror_runs (id) ON DELETE CASCADE,
    number            bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    stripe_session_id text NOT NULL CHECK (char_length(stripe_session_id) <= 255),
    session_id        text, -- ours; NULL when it is missing here
    kind              text NOT NULL CHECK (kind IN ('missing_here', 'missing_at_stripe', 'differs')),
    fields            text[] NOT NULL DEFAULT '{}', -- names only: values may be personal
    state             text NOT NULL DEFAULT 'suspected'
                      CHECK (state IN ('suspected', 'confirmed', 'repaired', 'left')),
    found_at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (run_id, stripe_session_id)
);
-- RunStore.findings, and the pass over them.
CREATE INDEX mirror_findings_in_order ON mirror_findings (run_id, number);

-- How far each app has asked Stripe for events that were not delivered. A sweep is listed newest first, so the place
-- that it reached is kept until it is done.
CREATE TABLE catch_ups (
    app_id      text PRIMARY KEY REFERENCES apps (id),
    through     timestamptz, -- everything that happened before was asked for; NULL: nothing yet
    sweep_from  timestamptz, -- of the sweep under way, as the next two; NULL between sweeps
    sweep_to    timestamptz,
    sweep_after text,
    ran_at      timestamptz,
    found       bigint NOT NULL DEFAULT 0, -- events that were stored because of it, ever
    failure     text CHECK (char_length(failure) <= 500), -- of the last run; NULL when it went well
    lease       bigint NOT NULL DEFAULT 0,
    lease_until timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE checkout_sessions
    ADD COLUMN overdue_read_at timestamptz; -- when it was last read because it was overdue; infinity: Stripe lost it
-- MirrorSessions.unlisted: a window's sessions that Stripe does not list.
CREATE INDEX checkout_sessions_by_stripe_creation ON checkout_sessions (app_id, stripe_created_at)
    WHERE stripe_session_id IS NOT NULL;
