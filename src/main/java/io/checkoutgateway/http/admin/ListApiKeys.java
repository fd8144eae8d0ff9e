package io.checkoutgateway.http.admin;

import io.checkoutgateway.access.ApiKeys;
import io.checkoutgateway.access.IssuedKey;
import io.checkoutgateway.api.model.ApiKeyCursorPage;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.SequencePage;
import io.vertx.core.Future;

/** {@code GET /api/v1/admin/api-keys} */
public final class ListApiKeys implements Operation {
    private final ApiKeys keys;

    public ListApiKeys(ApiKeys keys) {
        this.keys = keys;
    }

    @Override
    public String id() {
        return "list-api-keys";
    }

    @Override
    public Future<Reply> handle(Call call) {
        SequencePage page = SequencePage.of(call.query());
        return keys.list(call.namespace(), page.after(), page.wanted())
                .map(found ->
                        page.reply(found, IssuedKey::place, ApiKeyResource::of, (data, meta) -> new ApiKeyCursorPage()
                                .withData(data)
                                .withMeta(meta)));
    }
}
