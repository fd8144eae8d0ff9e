package io.checkoutgateway;

import static io.checkoutgateway.MirrorCommands.OK;
import static io.checkoutgateway.MirrorCommands.codeOf;
import static io.checkoutgateway.MirrorCommands.orOwn;
import static io.checkoutgateway.MirrorCommands.withConsole;

import io.checkoutgateway.http.Wire;
import io.checkoutgateway.http.admin.DriftReportResource;
import io.checkoutgateway.mirror.Mirror;
import io.checkoutgateway.mirror.MirrorRun;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gateway drift}, beside the running replicas: compares all sessions of the account. */
@Command(
        name = "drift",
        mixinStandardHelpOptions = true,
        description = "Compare all sessions of the Stripe account with the mirror; ends with 3 when they differ.",
        subcommands = {
            DriftCommands.ListAll.class,
            DriftCommands.Show.class,
            DriftCommands.Cancel.class,
            DriftCommands.Repair.class
        })
final class DriftCommands implements Callable<Integer> {
    @Mixin
    private final RunOptions about = new RunOptions();

    @Mixin
    private final NamespaceOption.OrOwn namespace = new NamespaceOption.OrOwn();

    @Option(names = "--repair", description = "Mend what differs.")
    private boolean repair;

    @Override
    public Integer call() {
        return withConsole(console -> {
            Mirror.Wish wish = about.wish(MirrorRun.Kind.DRIFT_REPORT, repair);
            MirrorRun report = console.work(orOwn(namespace, console), wish);
            console.findings(report);
            return codeOf(report);
        });
    }

    /** One report, for commands about one. */
    static final class WhichOne {
        @Mixin
        private final NamespaceOption.OrOwn namespace = new NamespaceOption.OrOwn();

        @Parameters(description = "The report's id.")
        private String id = "";
    }

    /** Prints a line for each report, the oldest first. */
    @Command(name = "list", mixinStandardHelpOptions = true, description = "List drift reports, the oldest first.")
    static final class ListAll implements Callable<Integer> {
        @Mixin
        private final NamespaceOption.OrOwn namespace = new NamespaceOption.OrOwn();

        @Option(names = "--json", description = "Print each as a JSON object on a line, as the API lists it.")
        private boolean json;

        @Override
        public Integer call() {
            return withConsole(console -> {
                console.list(
                        orOwn(namespace, console),
                        MirrorRun.Kind.DRIFT_REPORT,
                        run -> json ? Wire.encode(DriftReportResource.of(run)).toString() : ProgressLine.text(run));
                return OK;
            });
        }
    }

    /** Prints a report and what it found. */
    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show a drift report with what it found.")
    static final class Show implements Callable<Integer> {
        @Mixin
        private final WhichOne one = new WhichOne();

        @Override
        public Integer call() {
            return withConsole(console -> {
                console.show(orOwn(one.namespace, console), one.id);
                return OK;
            });
        }
    }

    /** Calls a report off. */
    @Command(name = "cancel", mixinStandardHelpOptions = true, description = "Call a drift report off.")
    static final class Cancel implements Callable<Integer> {
        @Mixin
        private final WhichOne one = new WhichOne();

        @Override
        public Integer call() {
            return withConsole(console -> {
                console.cancel(orOwn(one.namespace, console), MirrorRun.Kind.DRIFT_REPORT, one.id);
                return OK;
            });
        }
    }

    /** Mends what a report found. */
    @Command(
            name = "repair",
            mixinStandardHelpOptions = true,
            description = "Mend what a completed drift report found; ends with 3 when something differs still.")
    static final class Repair implements Callable<Integer> {
        @Mixin
        private final WhichOne one = new WhichOne();

        @Override
        public Integer call() {
            return withConsole(console -> {
                MirrorRun report = console.repair(orOwn(one.namespace, console), one.id);
                console.findings(report);
                return codeOf(report);
            });
        }
    }
}
