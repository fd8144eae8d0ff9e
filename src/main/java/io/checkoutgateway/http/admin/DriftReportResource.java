package io.checkoutgateway.http.admin;

import io.checkoutgateway.api.model.CreateDriftReportRequest;
import io.checkoutgateway.api.model.DriftFinding;
import io.checkoutgateway.api.model.DriftReport;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Wire;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.checkoutgateway.mirror.Finding;
import io.checkoutgateway.mirror.Mirror;
import io.checkoutgateway.mirror.MirrorRun;
import io.checkoutgateway.mirror.Tally;

/** A drift report in the contract's words. */
public final class DriftReportResource {
    private static final String REPORTS = "/api/v1/admin/drift-reports/";

    private DriftReportResource() {}

    static Mirror.Wish wish(CreateDriftReportRequest request) {
        return new Mirror.Wish(
                MirrorRun.Kind.DRIFT_REPORT,
                request.getAppId(),
                request.getAccount(),
                BackfillResource.time("from", request.getFrom()),
                BackfillResource.time("to", request.getTo()),
                Boolean.TRUE.equals(request.getRepair()));
    }

    static StoredAnswer answer(MirrorRun run) {
        return new StoredAnswer(201, Wire.JSON, Wire.encode(of(run)), REPORTS + run.id());
    }

    static Reply reply(MirrorRun run) {
        return Reply.json(200, of(run));
    }

    /** The report, without its findings. */
    public static DriftReport of(MirrorRun run) {
        MirrorRun.Progress progress = run.progress();
        Tally tally = progress.tally();
        return new DriftReport()
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
                .withRepair(run.repair())
                .withUnreadable(tally.unreadable())
                .withMissingHere(tally.missingHere())
                .withMissingAtStripe(tally.missingAtStripe())
                .withDiffers(tally.differs())
                .withRepaired(tally.repaired());
    }

    static DriftFinding finding(Finding finding) {
        return new DriftFinding()
                .withId(finding.number())
                .withKind(finding.kind().word())
                .withState(finding.state().word())
                .withStripeSessionId(finding.stripeSessionId())
                .withSessionId(finding.sessionId())
                .withFields(finding.fields())
                .withFoundAt(Wire.utc(finding.foundAt()));
    }
}
