package io.checkoutgateway.store;

import io.checkoutgateway.audit.AuditEntry;
import io.vertx.sqlclient.Row;

/** A row of {@code audit_log}, which is only read here. */
final class AuditEntryRow {
    /** Of a table that is called {@code l}. */
    static final String COLUMNS =
            "l.id, l.at, l.namespace, l.actor, l.action, l.resource, l.request_id, l.before_hash, l.after_hash";

    private AuditEntryRow() {}

    static AuditEntry toEntry(Row row) {
        return new AuditEntry(
                row.getLong("id"),
                Rows.instantOf(row, "at"),
                row.getString("namespace"),
                row.getString("actor"),
                row.getString("action"),
                row.getString("resource"),
                row.getString("request_id"),
                row.getBuffer("before_hash"),
                row.getBuffer("after_hash"));
    }
}
