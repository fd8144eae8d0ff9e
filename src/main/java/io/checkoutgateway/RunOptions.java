package io.checkoutgateway;

import io.checkoutgateway.mirror.Mirror;
import io.checkoutgateway.mirror.MirrorRun;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which sessions a backfill or a drift report is about, as its command is told. */
final class RunOptions {
    @Option(names = "--app", description = "The app's id; the namespace's default app by default.")
    private @Nullable String app;

    @Option(
            names = {"--stripe-account", "--account"},
            description = "A connected account of the app, such as acct_1Q2w3E4r5T6y7U8i; the app's own by default.")
    private @Nullable String account;

    @Option(
            names = "--from",
            converter = Words.Moment.class,
            description = "The earliest creation, such as 2026-01-01 or 2026-01-01T00:00:00Z.")
    private @Nullable Instant from;

    @Option(
            names = "--to",
            converter = Words.Moment.class,
            description = "The latest creation, exclusive; now by default.")
    private @Nullable Instant to;

    /** @param repair whether what differs is to be mended, which only a report is asked */
    Mirror.Wish wish(MirrorRun.Kind kind, boolean repair) {
        return new Mirror.Wish(kind, app, account, from, to, repair);
    }
}
