package io.checkoutgateway.http.admin;

import io.checkoutgateway.api.model.FollowUpCursorPage;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import io.checkoutgateway.followup.FollowUp;
import io.checkoutgateway.followup.FollowUpLog;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.PlainFilter;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.SequencePage;
import io.vertx.core.Future;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/v1/admin/follow-ups} */
public final class ListFollowUps implements Operation {
    private static final Set<String> FIELDS = Set.of("state", "kind", "app_id", "subject");

    private final FollowUpLog followUps;

    public ListFollowUps(FollowUpLog followUps) {
        this.followUps = followUps;
    }

    @Override
    public String id() {
        return "list-follow-ups";
    }

    @Override
    public Future<Reply> handle(Call call) {
        SequencePage page = SequencePage.of(call.query());
        PlainFilter filter = PlainFilter.of(call.query(), FIELDS);
        return followUps
                .list(call.namespace(), wanted(filter), page.after(), page.size())
                .map(found -> page.reply(found, FollowUpResource::of, (data, meta) -> new FollowUpCursorPage()
                        .withData(data)
                        .withMeta(meta)));
    }

    private static FollowUpLog.Filter wanted(PlainFilter filter) {
        return new FollowUpLog.Filter(
                filter.value("state"), kind(filter.value("kind")), filter.value("app_id"), filter.value("subject"));
    }

    private static FollowUp.@Nullable Kind kind(@Nullable String word) {
        return word == null
                ? null
                : FollowUp.Kind.of(word)
                        .orElseThrow(() -> GatewayException.invalid(
                                InvalidParameter.inQuery("filter[kind]", "unknown", "is not a kind of follow-up")));
    }
}
