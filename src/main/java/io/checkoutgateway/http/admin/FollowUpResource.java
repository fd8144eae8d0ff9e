package io.checkoutgateway.http.admin;

import io.checkoutgateway.api.model.FollowUp;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.followup.FollowUpLog;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Wire;
import java.util.Optional;

/** A follow-up in the contract's words. */
public final class FollowUpResource {
    private static final String PENDING = "pending";

    private FollowUpResource() {}

    /** The number in the path; the contract says that it is one. */
    static long idIn(Call call) {
        return Long.parseLong(call.path("followUpId"));
    }

    static FollowUpLog.Entry present(Optional<FollowUpLog.Entry> found) {
        return found.orElseThrow(() -> new GatewayException(Reason.NOT_FOUND, "No follow-up has this id"));
    }

    /** The follow-up, or that there is none. */
    static Reply reply(Optional<FollowUpLog.Entry> found) {
        return Reply.json(200, of(present(found)));
    }

    /** The follow-up. */
    public static FollowUp of(FollowUpLog.Entry entry) {
        return new FollowUp()
                .withId(entry.row())
                .withKind(entry.wish().kind().word())
                .withAppId(entry.wish().appId())
                .withAccount(entry.wish().account())
                .withSubject(entry.wish().subject())
                .withBackground(entry.wish().background())
                .withHappenedAt(Wire.utc(entry.wish().happenedAt()))
                .withWaitingSince(Wire.utc(entry.waitingSince()))
                .withState(entry.state())
                .withAttempts(entry.attempts())
                .withNextAttemptAt(entry.state().equals(PENDING) ? Wire.utc(entry.nextAttemptAt()) : null)
                .withCreatedAt(Wire.utc(entry.createdAt()))
                .withOutcome(entry.outcome());
    }
}
