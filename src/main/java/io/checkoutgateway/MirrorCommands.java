package io.checkoutgateway;

import io.checkoutgateway.http.Wire;
import io.checkoutgateway.http.admin.BackfillResource;
import io.checkoutgateway.mirror.Mirror;
import io.checkoutgateway.mirror.MirrorRun;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.store.PostgresFailure;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gateway backfill} and {@code gateway catch-up}, beside the running replicas. */
final class MirrorCommands {
    static final int OK = 0;
    static final int FAILED = 1;

    /** The report is complete, and something differs still; 2 is the command line's own for wrong usage. */
    static final int DIFFERENT = 3;

    private MirrorCommands() {}

    /** Copies all sessions of the account. */
    @Command(
            name = "backfill",
            mixinStandardHelpOptions = true,
            description = "Copy all sessions of the Stripe account into the mirror.",
            subcommands = {ListBackfills.class, CancelBackfill.class, ResumeBackfill.class})
    static final class Backfill implements Callable<Integer> {
        @Mixin
        private final RunOptions about = new RunOptions();

        @Mixin
        private final NamespaceOption.OrOwn namespace = new NamespaceOption.OrOwn();

        @Override
        public Integer call() {
            return withConsole(console -> {
                Mirror.Wish wish = about.wish(MirrorRun.Kind.BACKFILL, false);
                return codeOf(console.work(orOwn(namespace, console), wish));
            });
        }
    }

    /** Prints a line for each backfill, the oldest first. */
    @Command(name = "list", mixinStandardHelpOptions = true, description = "List backfills, the oldest first.")
    static final class ListBackfills implements Callable<Integer> {
        @Mixin
        private final NamespaceOption.OrOwn namespace = new NamespaceOption.OrOwn();

        @Option(names = "--json", description = "Print each as a JSON object on a line, as the API lists it.")
        private boolean json;

        @Override
        public Integer call() {
            return withConsole(console -> {
                console.list(
                        orOwn(namespace, console),
                        MirrorRun.Kind.BACKFILL,
                        run -> json ? Wire.encode(BackfillResource.of(run)).toString() : ProgressLine.text(run));
                return OK;
            });
        }
    }

    /** Calls a backfill off. */
    @Command(name = "cancel", mixinStandardHelpOptions = true, description = "Call a backfill off.")
    static final class CancelBackfill implements Callable<Integer> {
        @Mixin
        private final NamespaceOption.OrOwn namespace = new NamespaceOption.OrOwn();

        @Parameters(description = "The run's id.")
        private String id = "";

        @Override
        public Integer call() {
            return withConsole(console -> {
                console.cancel(orOwn(namespace, console), MirrorRun.Kind.BACKFILL, id);
                return OK;
            });
        }
    }

    /** Asks for all events since a moment. */
    @Command(
            name = "catch-up",
            mixinStandardHelpOptions = true,
            description = "Ask Stripe for all events since a moment, as after a database was restored from a backup.")
    static final class CatchUpSince implements Callable<Integer> {
        @Option(names = "--app", description = "The app's id; the namespace's default app by default.")
        private @Nullable String app;

        @Option(
                names = {"--stripe-account", "--account"},
                description =
                        "A connected account of the app, such as acct_1Q2w3E4r5T6y7U8i; the app's own and all that are"
                                + " connected by default.")
        private @Nullable String account;

        @Option(
                names = "--since",
                required = true,
                converter = Words.Moment.class,
                description = "The earliest event, such as 2026-11-20T00:00:00Z; at most 30 days ago.")
        private Instant since = Instant.EPOCH;

        @Mixin
        private final NamespaceOption.OrOwn namespace = new NamespaceOption.OrOwn();

        @Override
        public Integer call() {
            return withConsole(
                    console -> console.catchUp(orOwn(namespace, console), app, account, since) ? OK : FAILED);
        }
    }

    /** Goes on with a backfill that failed or was called off. */
    @Command(
            name = "resume",
            mixinStandardHelpOptions = true,
            description = "Go on with a backfill that failed or was called off.")
    static final class ResumeBackfill implements Callable<Integer> {
        @Mixin
        private final NamespaceOption.OrOwn namespace = new NamespaceOption.OrOwn();

        @Parameters(description = "The run's id.")
        private String id = "";

        @Override
        public Integer call() {
            return withConsole(
                    console -> codeOf(console.resume(orOwn(namespace, console), MirrorRun.Kind.BACKFILL, id)));
        }
    }

    static int codeOf(MirrorRun run) {
        if (run.state() != MirrorRun.State.COMPLETED) {
            return FAILED;
        }
        return run.progress().tally().different() > 0 ? DIFFERENT : OK;
    }

    static String orOwn(NamespaceOption.OrOwn namespace, MirrorConsole console) {
        return namespace.nameOr(console.namespace());
    }

    static int withConsole(ToIntFunction<MirrorConsole> work) {
        Settings settings = Settings.fromEnvironment();
        try (MirrorConsole console = MirrorConsole.open(settings, System.out, ProgressLine.isTerminal())) {
            return work.applyAsInt(console);
        } catch (RuntimeException failure) {
            Optional<IllegalStateException> told = PostgresFailure.of(settings.database(), failure);
            throw told.isPresent() ? told.get() : failure;
        }
    }
}
