-- Of two set up in one second the one with the greater id is the choice, also while neither is the default any more.
-- The greatest that was set up here in the second of default_payment_method_as_of; NULL: that choice was not made by a
-- set-up, or before this column was there.
ALTER TABLE stripe_customer_links
    ADD COLUMN default_payment_method_set_up text
        CHECK (char_length(default_payment_method_set_up) <= 255);
