-- What the role of the serving process may do, when another role owns the tables. Run after every migration, by
-- `gateway migrate` or by hand: SELECT checkout_gateway.grant_service_role('gateway_service');
-- Rows of all tables; but the audit log and its chain are only read and added to, and nothing is created or altered.
CREATE FUNCTION grant_service_role(service name) RETURNS void
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
    EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON flyway_schema_history FROM %I', service);
    EXECUTE format('REVOKE DELETE ON secret_keyset FROM %I', service);
END
$$;
REVOKE ALL ON FUNCTION grant_service_role(name) FROM PUBLIC;
