package io.checkoutgateway.http.apps;

import io.checkoutgateway.api.model.ConnectedAccountCursorPage;
import io.checkoutgateway.apps.ConnectedAccount;
import io.checkoutgateway.apps.ConnectedAccounts;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.SequencePage;
import io.checkoutgateway.http.Wire;
import io.vertx.core.Future;

/** {@code GET /api/v1/apps/{appId}/connected-accounts} */
public final class ListConnectedAccounts implements Operation {
    private final ConnectedAccounts accounts;

    public ListConnectedAccounts(ConnectedAccounts accounts) {
        this.accounts = accounts;
    }

    @Override
    public String id() {
        return "list-connected-accounts";
    }

    @Override
    public Future<Reply> handle(Call call) {
        SequencePage page = SequencePage.of(call.query());
        return accounts.list(call.namespace(), call.path("appId"), page.after(), page.wanted())
                .map(found -> page.reply(
                        found,
                        ConnectedAccount::number,
                        ListConnectedAccounts::resource,
                        (data, meta) ->
                                new ConnectedAccountCursorPage().withData(data).withMeta(meta)));
    }

    private static io.checkoutgateway.api.model.ConnectedAccount resource(ConnectedAccount account) {
        return new io.checkoutgateway.api.model.ConnectedAccount()
                .withAccount(account.account())
                .withStatus(account.disconnectedAt() == null ? "connected" : "disconnected")
                .withKnownSince(Wire.utc(account.knownSince()))
                .withSeenAt(Wire.utc(account.seenAt()))
                .withDisconnectedAt(Wire.utc(account.disconnectedAt()))
                .withDisconnectedBy(account.disconnectedBy())
                .withCaughtUpThrough(Wire.utc(account.caughtUpThrough()));
    }
}
