package io.checkoutgateway.http.admin;

import io.checkoutgateway.api.model.Backfill;
import io.checkoutgateway.api.model.CreateBackfillRequest;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Wire;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.checkoutgateway.mirror.Mirror;
import io.checkoutgateway.mirror.MirrorRun;
import io.checkoutgateway.mirror.Tally;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** A backfill in the contract's words. */
public final class BackfillResource {
    private static final String BACKFILLS = "/api/v1/admin/backfills/";

    private BackfillResource() {}

    static Mirror.Wish wish(CreateBackfillRequest request) {
        return new Mirror.Wish(
                MirrorRun.Kind.BACKFILL,
                request.getAppId(),
                request.getAccount(),
                time("from", request.getFrom()),
                time("to", request.getTo()),
                false);
    }

    /** The contract knows what a time looks like, and not how many days a month has. */
    static @Nullable Instant time(String field, @Nullable String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw GatewayException.invalid(InvalidParameter.inBody(field, "format", "is not a time that exists"));
        }
    }

    static StoredAnswer answer(MirrorRun run) {
        return new StoredAnswer(201, Wire.JSON, Wire.encode(of(run)), BACKFILLS + run.id());
    }

    static Reply reply(MirrorRun run) {
        return Reply.json(200, of(run));
    }

    /** The backfill. */
    public static Backfill of(MirrorRun run) {
        MirrorRun.Progress progress = run.progress();
        Tally tally = progress.tally();
        return new Backfill()
                .withId(run.id())
                .withAppId(run.appId())
                .withAccount(run.account())
                .withState(run.state().word())
                .withFailure(run.failure())
                .withWaiting(run.waiting())
                .withFrom(Wire.utc(run.from()))
                .withTo(Wire.utc(run.to()))
                .withCreatedAt(Wire.utc(run.createdAt()))
                .withFinishedAt(Wire.utc(run.finishedAt()))
                .withWindows(progress.windows())
                .withWindowsDone(progress.windowsDone())
                .withPages(progress.pages())
                .withSeen(progress.seen())
                .withAdded(tally.added())
                .withChanged(tally.changed())
                .withUnreadable(tally.unreadable());
    }
}
