-- A customer may be bound to a billing profile, whose id is the app's.
ALTER TABLE customers
    ADD COLUMN billing_profile_id text REFERENCES apps (id); -- NULL: the namespace's default one
-- CustomerStore.list: the customers of one profile; and no app goes while customers are bound to it.
CREATE INDEX customers_by_billing_profile ON customers (billing_profile_id, namespace)
    WHERE billing_profile_id IS NOT NULL;

-- A customer has one counterpart in each account that an app reaches: its own, and connected ones.
ALTER TABLE stripe_customer_links
    ADD COLUMN account text NOT NULL DEFAULT '' CHECK (char_length(account) <= 255), -- '': the app's own
    ADD COLUMN labels  jsonb NOT NULL DEFAULT '{}',
    DROP CONSTRAINT stripe_customer_links_app_id_customer_id_key;
-- StripeCustomerLinks.ensure: one counterpart for each customer and account, whoever asks first.
-- The column that tells rows apart comes first, as in V002.
CREATE UNIQUE INDEX stripe_customer_links_customer ON stripe_customer_links (customer_id, app_id, account);
