package io.checkoutgateway;

import io.checkoutgateway.mirror.MirrorRun;
import io.checkoutgateway.mirror.MirrorRun.Progress;
import io.checkoutgateway.mirror.Tally;
import java.io.Console;
import java.io.PrintStream;

/** A run's progress: a bar that moves on a terminal, a line for each tenth of the way anywhere else. */
final class ProgressLine {
    private static final int CELLS = 30;

    /** Into how many parts the way is cut where every line stays. */
    private static final int STAGES = 10;

    private final PrintStream out;
    private final boolean terminal;
    private int stage = -1;

    ProgressLine(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Whether a person watches. Since Java 22 there may be a console that is no terminal. */
    static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    void begin(MirrorRun run) {
        String account = run.account();
        out.println("run " + run.id() + (account == null ? "" : " of " + account));
    }

    void show(MirrorRun run) {
        if (terminal) {
            out.print("\r" + bar(run) + "  " + counts(run) + waiting(run) + "\u001b[K");
            out.flush();
        } else if (stageOf(run) > stage) {
            stage = stageOf(run);
            out.println(bar(run) + "  " + counts(run));
        }
    }

    void end(MirrorRun run) {
        out.println((terminal ? "\r" : "") + text(run) + (terminal ? "\u001b[K" : ""));
    }

    private static int stageOf(MirrorRun run) {
        Progress progress = run.progress();
        return progress.windows() == 0 ? -1 : progress.windowsDone() * STAGES / progress.windows();
    }

    private static String bar(MirrorRun run) {
        Progress progress = run.progress();
        int full = progress.windows() == 0 ? 0 : progress.windowsDone() * CELLS / progress.windows();
        return "[%s%s] %d/%d"
                .formatted("#".repeat(full), ".".repeat(CELLS - full), progress.windowsDone(), progress.windows());
    }

    /** A run on one line. */
    static String text(MirrorRun run) {
        String failure = run.failure();
        String account = run.account();
        return "%s  %s  %-9s  %d/%d  %s%s%s%s"
                .formatted(
                        run.id(),
                        run.createdAt(),
                        run.state().word(),
                        run.progress().windowsDone(),
                        run.progress().windows(),
                        counts(run),
                        account == null ? "" : "  " + account,
                        failure == null ? "" : "  " + failure,
                        waiting(run));
    }

    private static String waiting(MirrorRun run) {
        return run.waiting() == null ? "" : "  waits: " + run.waiting();
    }

    private static String counts(MirrorRun run) {
        Tally tally = run.progress().tally();
        return run.kind() == MirrorRun.Kind.BACKFILL
                ? "%d seen, %d added, %d changed, %d unreadable"
                        .formatted(run.progress().seen(), tally.added(), tally.changed(), tally.unreadable())
                : "%d seen, %d missing here, %d missing at Stripe, %d differ, %d repaired"
                        .formatted(
                                run.progress().seen(),
                                tally.missingHere(),
                                tally.missingAtStripe(),
                                tally.differs(),
                                tally.repaired());
    }
}
