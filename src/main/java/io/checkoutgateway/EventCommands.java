package io.checkoutgateway;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.events.EventLog;
import io.checkoutgateway.events.RefusalLog;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.store.PgEventLog;
import io.checkoutgateway.store.PgRefusalLog;
import io.checkoutgateway.store.Postgres;
import io.vertx.core.Future;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code gateway events …}: the inbox for a person at a terminal, beside the running replicas. */
@Command(
        name = "events",
        description = "Look at stored events, replay them, and see what was refused.",
        subcommands = {
            EventCommands.ListAll.class,
            EventCommands.Show.class,
            EventCommands.Replay.class,
            EventCommands.Refused.class
        })
final class EventCommands implements Callable<Integer> {
    private static final int OK = 0;
    private static final int NOT_FOUND = 1;

    /** What a terminal shows in a moment; who wants more begins after the last. */
    private static final int LIST_MAX = 1_000;

    @Override
    public Integer call() {
        CommandLine.usage(this, System.out);
        return OK;
    }

    /** Prints a line for each event, the oldest first. */
    @Command(name = "list", mixinStandardHelpOptions = true, description = "List stored events, the oldest first.")
    static final class ListAll implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Mixin
        private final NamespaceOption.OrDefault namespace = new NamespaceOption.OrDefault();

        @Option(
                names = "--state",
                converter = StateWord.class,
                description = "Only pending, applied, ignored or quarantined ones.")
        private @Nullable String state;

        @Option(names = "--type", description = "Only those of this type, such as setup_intent.succeeded.")
        private @Nullable String type;

        @Option(names = "--after", defaultValue = "0", description = "Begin after this number, the first column.")
        private long after;

        @Option(
                names = "--limit",
                defaultValue = "50",
                converter = Limit.class,
                description = "How many at most, up to 1000; ${DEFAULT-VALUE} by default.")
        private int limit;

        @Override
        public Integer call() throws Exception {
            List<EventLog.Entry> entries = EventCommands.<List<EventLog.Entry>>withLog(
                    log -> log.list(namespace.name(), new EventLog.Query(state, type, null, after, limit)));
            entries.forEach(entry -> out(spec).println(line(entry)));
            return OK;
        }
    }

    /** Prints one event, body and all. */
    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show a stored event with its body.")
    static final class Show implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Mixin
        private final NamespaceOption.OrDefault namespace = new NamespaceOption.OrDefault();

        @Parameters(description = "Stripe's id, evt_….")
        private String eventId = "";

        @Override
        public Integer call() throws Exception {
            return print(spec, withLog(log -> log.find(namespace.name(), eventId)), true);
        }
    }

    /** Makes one event pending again; a running gateway applies it within a moment. */
    @Command(name = "replay", mixinStandardHelpOptions = true, description = "Apply a stored event again.")
    static final class Replay implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Mixin
        private final NamespaceOption.OrDefault namespace = new NamespaceOption.OrDefault();

        @Parameters(description = "Stripe's id, evt_….")
        private String eventId = "";

        @Override
        public Integer call() throws Exception {
            return print(
                    spec, withLog(log -> log.replay(Actor.command(namespace.name(), "events replay"), eventId)), false);
        }
    }

    /** Prints a line for each app and reason for which deliveries were refused. */
    @Command(
            name = "refused",
            mixinStandardHelpOptions = true,
            description = "List which deliveries were refused, by app and reason, with how many and when.")
    static final class Refused implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Mixin
        private final NamespaceOption.OrDefault namespace = new NamespaceOption.OrDefault();

        @Override
        public Integer call() throws Exception {
            EventCommands.<List<RefusalLog.Entry>>withDatabase(
                            postgres -> new PgRefusalLog(postgres).list(namespace.name(), 0, LIST_MAX))
                    .forEach(entry -> out(spec).println(line(entry)));
            return OK;
        }

        private static String line(RefusalLog.Entry entry) {
            return "%s  %-25s  %8d  %s  %s  %s"
                    .formatted(
                            entry.refused().appId(),
                            entry.refused().reason(),
                            entry.refused().count(),
                            entry.firstAt().truncatedTo(ChronoUnit.SECONDS),
                            entry.lastAt().truncatedTo(ChronoUnit.SECONDS),
                            Objects.requireNonNullElse(entry.refused().lastAddress(), ""));
        }
    }

    /** Where the command line was told to write; standard output by default. */
    private static PrintWriter out(CommandSpec spec) {
        return spec.commandLine().getOut();
    }

    private static int print(CommandSpec spec, Optional<EventLog.Entry> found, boolean withBody) {
        if (found.isEmpty()) {
            spec.commandLine().getErr().println("No stored event has this id in this namespace");
            return NOT_FOUND;
        }
        out(spec).println(line(found.get()));
        if (withBody) {
            out(spec).println(found.get().event().body().toJsonObject().encodePrettily());
        }
        return OK;
    }

    private static String line(EventLog.Entry entry) {
        return "%d  %s  %-11s  %-40s  %s  %s"
                .formatted(
                        entry.row(),
                        entry.event().created(),
                        entry.state(),
                        entry.event().type(),
                        entry.event().id(),
                        entry.outcome() == null ? "" : entry.outcome());
    }

    private static <T> T withLog(Function<EventLog, Future<T>> work) throws Exception {
        return withDatabase(postgres -> work.apply(new PgEventLog(postgres)));
    }

    private static <T> T withDatabase(Function<Postgres, Future<T>> work) throws Exception {
        Settings settings = Settings.fromEnvironment();
        return Main.withVertx(vertx -> {
            Postgres postgres = Postgres.of(vertx, settings.database());
            return work.apply(postgres).eventually(postgres::close);
        });
    }

    /** Takes the words of states. */
    static final class StateWord implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            if (!EventLog.STATES.contains(text)) {
                throw new TypeConversionException(
                        "there is no state \"%s\"; there are: %s".formatted(text, String.join(", ", EventLog.STATES)));
            }
            return text;
        }
    }

    /** Takes how many lines there may be. */
    static final class Limit implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            int limit = text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
            if (limit < 1 || limit > LIST_MAX) {
                throw new TypeConversionException(
                        "a limit must be between 1 and %d, was \"%s\"".formatted(LIST_MAX, text));
            }
            return limit;
        }
    }
}
