-- What Stripe was asked for last, answered or not: it may hold that, although nobody here lived to hear so. The column
-- beside it, default_payment_method_set, says what Stripe is known to hold: told by the gateway, found, or heard.
ALTER TABLE stripe_customer_links
    ADD COLUMN default_payment_method_asked text CHECK (char_length(default_payment_method_asked) <= 255);

-- When the event that asked for the reading says that a payment method was set up; NULL where it says nothing of that.
-- The reading itself shows only that it was.
ALTER TABLE follow_ups
    ADD COLUMN set_up_at timestamptz;
