ALTER TABLE checkout_sessions
    ADD COLUMN heard       bigint NOT NULL DEFAULT 0, -- grows with everything that was learnt, also what was known
    ADD COLUMN read_due_at timestamptz; -- complete, with an outcome still to come: when Stripe is asked; NULL: it is not
