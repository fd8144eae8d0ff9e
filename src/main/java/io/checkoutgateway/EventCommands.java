package io.checkoutgateway;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.events.EventLog;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.store.PgEventLog;
import io.checkoutgateway.store.Postgres;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gateway events …}: the inbox for a person at a terminal, beside the running replicas. */
@Command(
        name = "events",
        description = "Look at stored events and replay them.",
        subcommands = {EventCommands.ListAll.class, EventCommands.Show.class, EventCommands.Replay.class})
final class EventCommands implements Callable<Integer> {
    private static final int OK = 0;
    private static final int NOT_FOUND = 1;

    @Override
    public Integer call() {
        CommandLine.usage(this, System.out);
        return OK;
    }

    /** Prints a line for each event, the oldest first. */
    @Command(name = "list", mixinStandardHelpOptions = true, description = "List stored events, the oldest first.")
    static final class ListAll implements Callable<Integer> {
        @Mixin
        private final NamespaceOption.OrDefault namespace = new NamespaceOption.OrDefault();

        @Option(names = "--state", description = "Only pending, applied, ignored or quarantined ones.")
        private @Nullable String state;

        @Option(names = "--type", description = "Only those of this type, such as setup_intent.succeeded.")
        private @Nullable String type;

        @Option(names = "--after", defaultValue = "0", description = "Begin after this number, the first column.")
        private long after;

        @Option(names = "--limit", defaultValue = "50", description = "How many at most; ${DEFAULT-VALUE} by default.")
        private int limit;

        @Override
        public Integer call() throws Exception {
            List<EventLog.Entry> entries = EventCommands.<List<EventLog.Entry>>withLog(
                    log -> log.list(namespace.name(), new EventLog.Query(state, type, null, after, limit)));
            entries.forEach(entry -> System.out.println(line(entry)));
            return OK;
        }
    }

    /** Prints one event, body and all. */
    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show a stored event with its body.")
    static final class Show implements Callable<Integer> {
        @Mixin
        private final NamespaceOption.OrDefault namespace = new NamespaceOption.OrDefault();

        @Parameters(description = "Stripe's id, evt_….")
        private String eventId = "";

        @Override
        public Integer call() throws Exception {
            return print(withLog(log -> log.find(namespace.name(), eventId)), true);
        }
    }

    /** Makes one event pending again; a running gateway applies it within a moment. */
    @Command(name = "replay", mixinStandardHelpOptions = true, description = "Apply a stored event again.")
    static final class Replay implements Callable<Integer> {
        @Mixin
        private final NamespaceOption.OrDefault namespace = new NamespaceOption.OrDefault();

        @Parameters(description = "Stripe's id, evt_….")
        private String eventId = "";

        @Override
        public Integer call() throws Exception {
            return print(withLog(log -> log.replay(Actor.command(namespace.name(), "events replay"), eventId)), false);
        }
    }

    private static int print(Optional<EventLog.Entry> found, boolean withBody) {
        if (found.isEmpty()) {
            System.err.println("No stored event has this id in this namespace");
            return NOT_FOUND;
        }
        System.out.println(line(found.get()));
        if (withBody) {
            System.out.println(found.get().event().body().toJsonObject().encodePrettily());
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
        Settings settings = Settings.fromEnvironment();
        return Main.withVertx(vertx -> {
            Postgres postgres = Postgres.of(vertx, settings.database());
            return work.apply(new PgEventLog(postgres)).eventually(postgres::close);
        });
    }
}
