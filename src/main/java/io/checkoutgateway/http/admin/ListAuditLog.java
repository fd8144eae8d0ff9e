package io.checkoutgateway.http.admin;

import io.checkoutgateway.api.model.AuditEntryCursorPage;
import io.checkoutgateway.audit.AuditLog;
import io.checkoutgateway.audit.AuditLog.Listed;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.PlainFilter;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.SequencePage;
import io.checkoutgateway.http.Wire;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/v1/admin/audit-log} */
public final class ListAuditLog implements Operation {
    private static final Set<String> FIELDS = Set.of("actor", "action", "resource", "from", "to");

    private final AuditLog log;

    public ListAuditLog(AuditLog log) {
        this.log = log;
    }

    @Override
    public String id() {
        return "list-audit-log";
    }

    @Override
    public Future<Reply> handle(Call call) {
        SequencePage page = SequencePage.of(call.query());
        PlainFilter filter = PlainFilter.of(call.query(), FIELDS);
        AuditLog.Query query = new AuditLog.Query(
                filter.value("actor"),
                filter.value("action"),
                filter.value("resource"),
                filter.moment("from"),
                filter.moment("to"),
                page.after(),
                page.wanted());
        return log.list(call.namespace(), query)
                .map(found -> page.reply(
                        found,
                        listed -> listed.entry().id(),
                        ListAuditLog::resource,
                        (data, meta) ->
                                new AuditEntryCursorPage().withData(data).withMeta(meta)));
    }

    private static io.checkoutgateway.api.model.AuditEntry resource(Listed listed) {
        var entry = listed.entry();
        return new io.checkoutgateway.api.model.AuditEntry()
                .withId(entry.id())
                .withAt(Wire.utc(entry.at()))
                .withActor(entry.actor())
                .withAction(entry.action())
                .withResource(entry.resource())
                .withRequestId(entry.requestId())
                .withBeforeHash(hex(entry.beforeHash()))
                .withAfterHash(hex(entry.afterHash()))
                .withPosition(listed.position());
    }

    private static @Nullable String hex(@Nullable Buffer hash) {
        return hash == null ? null : HexFormat.of().formatHex(hash.getBytes());
    }
}
