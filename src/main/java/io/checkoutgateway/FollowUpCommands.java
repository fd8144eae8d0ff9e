package io.checkoutgateway;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.followup.FollowUp;
import io.checkoutgateway.followup.FollowUpLog;
import io.checkoutgateway.http.Wire;
import io.checkoutgateway.http.admin.FollowUpResource;
import io.checkoutgateway.store.PgFollowUpLog;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gateway follow-ups …}: what is to be done at Stripe, for a person at a terminal. */
@Command(
        name = "follow-ups",
        mixinStandardHelpOptions = true,
        description = "Look at what is to be done at Stripe, and begin again what was given up.",
        subcommands = {
            FollowUpCommands.ListAll.class,
            FollowUpCommands.Show.class,
            FollowUpCommands.Retry.class,
            FollowUpCommands.Drop.class
        })
final class FollowUpCommands implements Callable<Integer> {
    private static final int OK = 0;
    private static final int NOT_DONE = 1;

    @Override
    public Integer call() {
        CommandLine.usage(this, System.out);
        return OK;
    }

    /** Which follow-ups are meant. */
    static final class Which {
        @Option(
                names = "--state",
                converter = Words.FollowUpState.class,
                description = "Only pending or given_up ones.")
        private @Nullable String state;

        @Option(
                names = "--kind",
                converter = Words.FollowUpKind.class,
                description = "Only read_session, read_setup_intent, fetch_line_items or set_default_payment_method.")
        private FollowUp.@Nullable Kind kind;

        @Option(names = "--app", description = "Only those at this app's account.")
        private @Nullable String app;

        @Option(names = "--subject", description = "Only that of this subject: cs_…, seti_…, or a link's id.")
        private @Nullable String subject;

        FollowUpLog.Filter filter() {
            return new FollowUpLog.Filter(state, kind, app, subject);
        }
    }

    /** Prints a line for each follow-up, the oldest first. */
    @Command(name = "list", mixinStandardHelpOptions = true, description = "List follow-ups, the oldest first.")
    static final class ListAll implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Mixin
        private final NamespaceOption.OrOwn namespace = new NamespaceOption.OrOwn();

        @Mixin
        private final Which which = new Which();

        @Option(names = "--after", defaultValue = "0", description = "Begin after this number, the first column.")
        private long after;

        @Option(
                names = "--limit",
                defaultValue = "50",
                converter = Words.Limit.class,
                description = "How many at most, up to 1000; ${DEFAULT-VALUE} by default.")
        private int limit;

        @Option(names = "--json", description = "Print each as a JSON object, as the API answers it.")
        private boolean json;

        @Override
        public Integer call() throws Exception {
            FollowUpLog.Filter filter = which.filter();
            Stretches.tellOfMore(spec, Main.<Optional<Long>>withPostgres(postgres -> {
                FollowUpLog log = new PgFollowUpLog(postgres);
                return Stretches.upTo(
                        limit, after, (from, most) -> log.list(namespace.name(), filter, from, most), entry -> out(spec)
                                .println(json ? Wire.encode(FollowUpResource.of(entry)) : line(entry)));
            }));
            return OK;
        }
    }

    /** Prints one follow-up. */
    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show a follow-up.")
    static final class Show implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Mixin
        private final NamespaceOption.OrOwn namespace = new NamespaceOption.OrOwn();

        @Parameters(description = "Its number.")
        private long id;

        @Option(names = "--json", description = "Print it as one JSON object, as the API answers it.")
        private boolean json;

        @Override
        public Integer call() throws Exception {
            Optional<FollowUpLog.Entry> found =
                    Main.withPostgres(postgres -> new PgFollowUpLog(postgres).find(namespace.name(), id));
            if (json && found.isPresent()) {
                out(spec).println(Wire.encode(FollowUpResource.of(found.get())));
                return OK;
            }
            return print(spec, found);
        }
    }

    /** Makes one due, or all that match; a running gateway does what is due within a moment. */
    @Command(
            name = "retry",
            mixinStandardHelpOptions = true,
            description = "Begin a follow-up again, or all of a state.")
    static final class Retry implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Mixin
        private final NamespaceOption.OrOwn namespace = new NamespaceOption.OrOwn();

        @Mixin
        private final Which which = new Which();

        @Parameters(arity = "0..1", description = "Its number; or say with --state which ones.")
        private @Nullable Long id;

        @Option(names = "--dry-run", description = "Count them, and change nothing.")
        private boolean dryRun;

        @Override
        public Integer call() throws Exception {
            FollowUpLog.Filter filter = which.filter();
            boolean any = !filter.equals(FollowUpLog.Filter.ALL);
            Stretches.requireOne(spec, id != null, filter.state() != null, any || dryRun);
            Actor actor = Actor.command(namespace.name(), "follow-ups retry");
            Long one = id;
            if (one != null) {
                return print(spec, Main.withPostgres(postgres -> new PgFollowUpLog(postgres).retry(actor, one)));
            }
            int count = Main.<Integer>withPostgres(postgres ->
                    Stretches.all(after -> new PgFollowUpLog(postgres).retryAll(actor, filter, after, dryRun)));
            out(spec).println(count + (dryRun ? " follow-ups would be begun again" : " follow-ups are begun again"));
            return OK;
        }
    }

    /** Forgets one that was given up. */
    @Command(name = "drop", mixinStandardHelpOptions = true, description = "Forget a follow-up that was given up.")
    static final class Drop implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Mixin
        private final NamespaceOption.OrOwn namespace = new NamespaceOption.OrOwn();

        @Parameters(description = "Its number.")
        private long id;

        @Override
        public Integer call() throws Exception {
            Actor actor = Actor.command(namespace.name(), "follow-ups drop");
            Optional<FollowUpLog.Entry> dropped =
                    Main.withPostgres(postgres -> new PgFollowUpLog(postgres).drop(actor, id));
            if (dropped.isPresent() && !dropped.get().state().equals("given_up")) {
                spec.commandLine().getErr().println("It is not given up, and stays");
                return NOT_DONE;
            }
            return print(spec, dropped);
        }
    }

    private static PrintWriter out(CommandSpec spec) {
        return spec.commandLine().getOut();
    }

    private static int print(CommandSpec spec, Optional<FollowUpLog.Entry> found) {
        if (found.isEmpty()) {
            spec.commandLine().getErr().println("No follow-up has this id in this namespace; what is done is gone");
            return NOT_DONE;
        }
        out(spec).println(line(found.get()));
        return OK;
    }

    private static String line(FollowUpLog.Entry entry) {
        return "%d  %s  %-8s  %-26s  %s  %d attempts%s%s  %s"
                .formatted(
                        entry.row(),
                        entry.createdAt(),
                        entry.state(),
                        entry.wish().kind().word(),
                        entry.wish().subject(),
                        entry.attempts(),
                        entry.wish().background() ? ", in the background" : "",
                        entry.waitingSince() == null ? "" : ", events wait since " + entry.waitingSince(),
                        entry.outcome() == null ? "" : entry.outcome());
    }
}
