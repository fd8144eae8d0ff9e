package io.checkoutgateway.http.apps;

import io.checkoutgateway.apps.DefaultApp;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Versions;

/** A namespace's default app in the contract's words. */
final class DefaultAppResource {
    private DefaultAppResource() {}

    static Reply reply(DefaultApp app) {
        return Reply.json(200, new io.checkoutgateway.api.model.DefaultApp().withAppId(app.appId()))
                .with(Versions.ETAG, Versions.tagOf(app.version()));
    }
}
