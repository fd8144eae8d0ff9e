package io.checkoutgateway.http.apps;

import io.checkoutgateway.api.model.AppRedirectHosts;
import io.checkoutgateway.apps.RedirectHostList;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Versions;

/** An app's redirect hosts in the contract's words. */
final class RedirectHostsResource {
    private RedirectHostsResource() {}

    static Reply reply(RedirectHostList list) {
        AppRedirectHosts resource = new AppRedirectHosts()
                .withAppId(list.appId())
                .withHosts(list.hosts().words())
                .withFixed(list.fixed());
        return Reply.json(200, resource).with(Versions.ETAG, Versions.tagOf(list.version()));
    }
}
