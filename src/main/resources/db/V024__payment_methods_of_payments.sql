-- EventStore.apply: events of payments name the PaymentIntent or the Subscription only.
CREATE INDEX checkout_sessions_payment_intent ON checkout_sessions (payment_intent_id, app_id)
    WHERE payment_intent_id IS NOT NULL;
CREATE INDEX checkout_sessions_subscription ON checkout_sessions (subscription_id, app_id)
    WHERE subscription_id IS NOT NULL;
-- EventStore: what was said of a payment before its session was known.
CREATE INDEX stripe_events_payment ON stripe_events (object_id, app_id)
    WHERE type LIKE 'payment\_intent.%' OR type LIKE 'customer.subscription.%';

-- What a session that sells is paid through, a PaymentIntent or a Subscription, names its payment method; that one is in
-- payment_method_id, as a SetupIntent's is. Last, since adding columns keeps everybody out until this is committed.
ALTER TABLE checkout_sessions
    ADD COLUMN payment_settled boolean,     -- whether it is past its beginning; NULL: nothing is known of it
    ADD COLUMN payment_as_of   timestamptz; -- how fresh that is
