package io.checkoutgateway.http.apps;

import io.checkoutgateway.api.model.AppCatchUp;
import io.checkoutgateway.api.model.CatchUpGap;
import io.checkoutgateway.api.model.WebhookEndpointStanding;
import io.checkoutgateway.apps.WebhookStanding;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Wire;
import io.checkoutgateway.mirror.CatchUpStore.Gap;
import io.checkoutgateway.mirror.CatchUpStore.Standing;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;

/** How an app catches up, in the contract's words. */
final class CatchUpResource {
    private CatchUpResource() {}

    /** The contract knows what a time looks like, and not how many days a month has. */
    static Instant since(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw GatewayException.invalid(InvalidParameter.inBody("since", "format", "is not a time that exists"));
        }
    }

    static Reply reply(int status, Standing standing, List<WebhookStanding> endpoints) {
        return Reply.json(
                status,
                new AppCatchUp()
                        .withAppId(standing.appId())
                        .withThrough(Wire.utc(standing.through()))
                        .withWaiting(standing.waiting())
                        .withGaps(standing.gaps().stream()
                                .map(CatchUpResource::of)
                                .toList())
                        .withWebhookEndpoints(
                                endpoints.stream().map(CatchUpResource::of).toList()));
    }

    private static CatchUpGap of(Gap gap) {
        return new CatchUpGap()
                .withAccount(gap.account())
                .withFrom(Wire.utc(gap.from()))
                .withTo(Wire.utc(gap.to()))
                .withBackfillFrom(Wire.utc(gap.backfillFrom()))
                .withBackfillId(gap.runId());
    }

    private static WebhookEndpointStanding of(WebhookStanding endpoint) {
        return new WebhookEndpointStanding()
                .withConnect(endpoint.connect())
                .withState(endpoint.state().word())
                .withSince(Wire.utc(endpoint.since()))
                .withStripeEndpointId(endpoint.endpointId())
                .withCheckedAt(Wire.utc(endpoint.checkedAt()));
    }
}
