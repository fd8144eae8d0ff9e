-- Answers that are kept for repetitions and open a door: a link to the customer portal, a new signing secret. Sealed, as
-- secrets are; the row that they answer has no body. Apart from the other answers, of which there are millions: these are
-- all gone through when keys are rotated.
CREATE TABLE sealed_answers (
    namespace text NOT NULL,
    operation text NOT NULL,
    key       text NOT NULL,
    sealed    bytea NOT NULL CHECK (octet_length(sealed) BETWEEN 1 AND 65536), -- as Vault writes it
    PRIMARY KEY (namespace, operation, key),
    FOREIGN KEY (namespace, operation, key) REFERENCES idempotency_keys ON DELETE CASCADE
);

-- What was kept so far lies in clear, or is a refusal, and is read as sealed from now on. A repetition opens the portal
-- anew, which does no harm, or makes another endpoint, which is seen in the list.
DELETE FROM idempotency_keys
WHERE operation IN ('create-customer-stripe-portal-session', 'create-webhook-endpoint') AND status IS NOT NULL;

-- What people are called in log lines is a keyed hash of what they are called in the audit log: the same on every replica
-- and after every restart, and not to be guessed by those who have the lines only. Two random UUIDs have 244 random bits.
CREATE TABLE pseudonym_key (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    key bytea NOT NULL CHECK (octet_length(key) = 32)
);
INSERT INTO pseudonym_key (key)
VALUES (sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));

-- As V012 has it; and the key above is only read: with another one, pseudonyms would not be the people's any more.
CREATE OR REPLACE FUNCTION grant_service_role(service name) RETURNS void
LANGUAGE plpgsql
SET search_path FROM CURRENT
AS $$
DECLARE
    home name := current_schema();
BEGIN
    EXECUTE format('REVOKE ALL ON SCHEMA %I FROM %I', home, service);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', home, service);
    EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM %I', home, service);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO %I', home, service);
    EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO %I', home, service);
    EXECUTE format('REVOKE UPDATE, DELETE ON audit_log, audit_chain FROM %I', service);
    EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON flyway_schema_history, pseudonym_key FROM %I', service);
    EXECUTE format('REVOKE DELETE ON secret_keyset FROM %I', service);
END
$$;
