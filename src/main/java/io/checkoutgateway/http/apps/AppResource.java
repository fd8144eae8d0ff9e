package io.checkoutgateway.http.apps;

import io.checkoutgateway.api.model.BillingApp;
import io.checkoutgateway.api.model.BillingInstallAppResponse;
import io.checkoutgateway.apps.App;
import io.checkoutgateway.apps.AppAnswers;
import io.checkoutgateway.apps.AppType;
import io.checkoutgateway.apps.ConnectWebhookEndpoint;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Versions;
import io.checkoutgateway.http.Wire;
import io.checkoutgateway.idempotency.StoredAnswer;
import java.util.List;
import java.util.Objects;

/** An app in the contract's words. */
public final class AppResource {
    private static final String APPS = "/api/v3/openmeter/apps/";

    /** What is stored for repetitions. */
    public static final AppAnswers ANSWERS = new AppAnswers() {
        @Override
        public StoredAnswer installed(App app) {
            return AppResource.installed(app);
        }

        @Override
        public StoredAnswer rotated(App app) {
            return new StoredAnswer(200, Wire.JSON, Wire.encode(of(app)));
        }

        @Override
        public StoredAnswer connectEndpoint(ConnectWebhookEndpoint endpoint) {
            return new StoredAnswer(200, Wire.JSON, Wire.encode(ConnectWebhookEndpointResource.of(endpoint)));
        }
    };

    private AppResource() {}

    private static StoredAnswer installed(App app) {
        BillingInstallAppResponse response = new BillingInstallAppResponse()
                .withApp(of(app))
                .withDefaultForCapabilityTypes(app.isDefault() ? List.of(CatalogResource.COLLECT_PAYMENTS) : List.of());
        return new StoredAnswer(201, Wire.JSON, Wire.encode(response), APPS + app.id());
    }

    static Reply reply(App app) {
        return Reply.json(200, of(app)).with(Versions.ETAG, Versions.tagOf(app.version()));
    }

    static BillingApp of(App app) {
        BillingApp resource = new BillingApp()
                .withId(app.id())
                .withName(app.name())
                .withDescription(app.description())
                .withLabels(app.labels().isEmpty() ? null : app.labels())
                .withCreatedAt(Wire.utc(app.createdAt()))
                .withUpdatedAt(Wire.utc(app.updatedAt()))
                .withType(app.type().word())
                .withDefinition(CatalogResource.of(app.type()))
                .withStatus(app.authorized() ? "ready" : "unauthorized");
        return app.type() == AppType.STRIPE
                ? resource.withAccountId(Objects.requireNonNullElse(app.accountId(), ""))
                        .withLivemode(app.livemode())
                        .withMaskedApiKey(app.maskedKey())
                : resource;
    }
}
