package io.checkoutgateway;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.events.EventLog;
import io.checkoutgateway.events.RefusalLog;
import io.checkoutgateway.http.Wire;
import io.checkoutgateway.http.admin.EventResource;
import io.checkoutgateway.http.admin.RefusedDeliveriesResource;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.store.PgEventLog;
import io.checkoutgateway.store.PgRefusalLog;
import io.checkoutgateway.store.Postgres;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gateway events …}: the inbox for a person at a terminal, beside the running replicas. */
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        description = "Look at stored events, replay them, and see what was refused.",
        subcommands = {
            EventCommands.ListAll.class,
            EventCommands.Show.class,
            EventCommands.Replay.class,
            EventCommands.Drop.class,
            EventCommands.Refused.class
        })
final class EventCommands implements Callable<Integer> {
    private static final int OK = 0;
    private static final int NOT_FOUND = 1;

    /** An app has a handful of them. */
    private static final int REFUSALS_MAX = 1_000;

    @Override
    public Integer call() {
        CommandLine.usage(this, System.out);
        return OK;
    }

    /** One event, for commands about one. */
    static final class WhichOne {
        @Parameters(description = "Stripe's id, evt_….")
        private String eventId = "";

        @Option(names = "--app", description = "That which was delivered to this app, where several were told of it.")
        private @Nullable String app;

        EventLog.Which which() {
            return new EventLog.Which(eventId, app);
        }
    }

    /** Conditions that listing and replaying share. */
    static final class Which {
        @Option(names = "--type", description = "Only those of this type, such as setup_intent.succeeded.")
        private @Nullable String type;

        @Option(names = "--app", description = "Only those that were delivered to this app.")
        private @Nullable String app;

        @Option(
                names = "--since",
                converter = Words.Moment.class,
                description = "The earliest arrival, such as 2026-11-22T09:00:00Z.")
        private @Nullable Instant since;

        @Option(names = "--until", converter = Words.Moment.class, description = "The latest arrival, exclusive.")
        private @Nullable Instant until;

        @Option(names = "--object", description = "Only those about this object of Stripe's, such as seti_…, cus_….")
        private @Nullable String object;

        @Option(
                names = "--session",
                description = "Only those about this session, its SetupIntent or PaymentIntent: our id or cs_….")
        private @Nullable String session;

        /** Whether there is one, beside the app's. */
        boolean any() {
            return type != null || since != null || until != null || object != null || session != null;
        }

        EventLog.Filter filter(@Nullable String state, @Nullable String id) {
            return new EventLog.Filter(state, type, app, id, object, session, since, until);
        }
    }

    /** Prints a line for each event. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List stored events, the oldest first, each with its number and when Stripe made it.")
    static final class ListAll implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Mixin
        private final NamespaceOption.OrOwn namespace = new NamespaceOption.OrOwn();

        @Option(
                names = "--state",
                converter = Words.EventState.class,
                description = "Only pending, applied, ignored or quarantined ones.")
        private @Nullable String state;

        @Mixin
        private final Which which = new Which();

        @Option(names = "--id", description = "Only that of this id, evt_….")
        private @Nullable String id;

        @Option(names = "--newest-first", description = "The other way round.")
        private boolean newestFirst;

        @Option(names = "--after", defaultValue = "0", description = "Begin after this number, the first column.")
        private long after;

        @Option(
                names = "--limit",
                defaultValue = "50",
                converter = Words.Limit.class,
                description = "How many at most, up to 1000; ${DEFAULT-VALUE} by default.")
        private int limit;

        @Option(names = "--json", description = "Print each as a JSON object on a line, as the API lists it.")
        private boolean json;

        @Option(
                names = "--follow",
                description = "Go on with those that arrive, until interrupted; begins now without --after or --since.")
        private boolean follow;

        @Option(
                names = "--interval",
                defaultValue = "PT2S",
                converter = Words.Interval.class,
                description = "How often --follow looks, PT1S to PT1M; ${DEFAULT-VALUE} by default.")
        private Duration interval = Duration.ZERO;

        @Override
        public Integer call() throws Exception {
            if (follow && newestFirst) {
                throw new ParameterException(spec.commandLine(), "--follow goes on at the end: without --newest-first");
            }
            if (follow && state != null) {
                throw new ParameterException(
                        spec.commandLine(), "--follow tells of each event when it arrives: without --state");
            }
            if (follow && after == 0 && which.since == null) {
                which.since = Instant.now();
            }
            EventLog.Filter filter = which.filter(state, id);
            if (follow) {
                follow(filter);
                return OK;
            }
            Stretches.tellOfMore(spec, Main.<Optional<Long>>withPostgres(postgres -> {
                EventLog log = new PgEventLog(postgres);
                return Stretches.upTo(
                        limit,
                        after,
                        (from, most) -> log.list(namespace.name(), filter, new EventLog.Part(newestFirst, from, most)),
                        this::print);
            }));
            return OK;
        }

        private void follow(EventLog.Filter filter) throws Exception {
            Settings settings = Settings.fromEnvironment();
            Main.<Void>withVertx(vertx -> {
                Postgres postgres = Postgres.of(vertx, settings.database());
                new EventTail(
                                new PgEventLog(postgres),
                                namespace.name(),
                                filter,
                                after,
                                this::print,
                                spec.commandLine().getErr()::println)
                        .follow(vertx, interval);
                return postgres.close();
            });
        }

        private void print(EventLog.Entry entry) {
            out(spec).println(json ? Wire.encode(EventResource.of(entry)) : line(entry));
            out(spec).flush();
        }
    }

    /** Prints one event, body and all. */
    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show a stored event with its body.")
    static final class Show implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Mixin
        private final NamespaceOption.OrOwn namespace = new NamespaceOption.OrOwn();

        @Mixin
        private final WhichOne one = new WhichOne();

        @Option(names = "--json", description = "Print it as one JSON object, as the API answers it.")
        private boolean json;

        @Override
        public Integer call() throws Exception {
            Optional<EventLog.Detail> found =
                    Main.withPostgres(postgres -> new PgEventLog(postgres).find(namespace.name(), one.which()));
            if (json && found.isPresent()) {
                out(spec).println(EventResource.json(found.get()));
                return OK;
            }
            int code = print(spec, found);
            found.ifPresent(event -> {
                facts(event).forEach((name, value) -> out(spec).println("  %-16s %s".formatted(name, value)));
                out(spec).println(event.body().toString());
            });
            return code;
        }

        /** What its line does not say. */
        private static Map<String, Object> facts(EventLog.Detail event) {
            EventLog.Entry entry = event.entry();
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("app", entry.appId());
            facts.put("arrived", entry.receivedAt());
            facts.put("came by", entry.origin().word());
            facts.put("attempts", entry.attempts());
            if (entry.state().equals("pending")) {
                facts.put("next attempt", entry.nextAttemptAt());
            }
            facts.putAll(new TreeMap<>(event.headers()));
            return facts;
        }
    }

    /** Sets a quarantined event aside for good. */
    @Command(
            name = "drop",
            mixinStandardHelpOptions = true,
            description = "Set a quarantined event aside for good: it is ignored from then on.")
    static final class Drop implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Mixin
        private final NamespaceOption.OrOwn namespace = new NamespaceOption.OrOwn();

        @Mixin
        private final WhichOne one = new WhichOne();

        @Override
        public Integer call() throws Exception {
            Actor actor = Actor.command(namespace.name(), "events drop");
            return print(spec, Main.withPostgres(postgres -> new PgEventLog(postgres).drop(actor, one.which())));
        }
    }

    /** Makes one event pending again, or all that match; a running gateway applies them within a moment. */
    @Command(
            name = "replay",
            mixinStandardHelpOptions = true,
            description = "Apply a stored event again, or all that match.")
    static final class Replay implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Mixin
        private final NamespaceOption.OrOwn namespace = new NamespaceOption.OrOwn();

        @Parameters(arity = "0..1", description = "Stripe's id, evt_…; or say with --state which ones.")
        private @Nullable String eventId;

        @Option(
                names = "--state",
                converter = Words.SettledState.class,
                description = "All applied, ignored or quarantined ones.")
        private @Nullable String state;

        @Mixin
        private final Which which = new Which();

        @Option(names = "--all", description = "Every applied or ignored one, without a further condition.")
        private boolean all;

        @Option(names = "--dry-run", description = "Count them, and change nothing.")
        private boolean dryRun;

        @Override
        public Integer call() throws Exception {
            Stretches.requireOne(spec, eventId != null, state != null, which.any() || dryRun || all);
            Actor actor = Actor.command(namespace.name(), "events replay");
            String one = eventId;
            if (one != null) {
                EventLog.Which that = new EventLog.Which(one, which.app);
                return print(spec, Main.withPostgres(postgres -> new PgEventLog(postgres).replay(actor, that)));
            }
            EventLog.Filter filter = which.filter(state, null);
            if (filter.isNearlyAll() && !all && !dryRun) {
                throw Stretches.mistake(
                        spec,
                        "--state %s alone is nearly the whole inbox: add --type, --since, --until, --object, --session or"
                                        .formatted(state)
                                + " --app, or --all when that is what you want");
            }
            int count = Main.<Integer>withPostgres(postgres ->
                    Stretches.all(after -> new PgEventLog(postgres).replayAll(actor, filter, after, dryRun)));
            out(spec).println(count + (dryRun ? " events would be applied again" : " events are applied again"));
            return OK;
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
        private final NamespaceOption.OrOwn namespace = new NamespaceOption.OrOwn();

        @Option(names = "--json", description = "Print each as a JSON object on a line, as the API lists it.")
        private boolean json;

        @Override
        public Integer call() throws Exception {
            Main.<List<RefusalLog.Entry>>withPostgres(
                            postgres -> new PgRefusalLog(postgres).list(namespace.name(), 0, REFUSALS_MAX))
                    .forEach(entry ->
                            out(spec).println(json ? Wire.encode(RefusedDeliveriesResource.of(entry)) : line(entry)));
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

    private static int print(CommandSpec spec, Optional<EventLog.Detail> found) {
        if (found.isEmpty()) {
            spec.commandLine().getErr().println("No stored event has this id in this namespace");
            return NOT_FOUND;
        }
        out(spec).println(line(found.get().entry()));
        return OK;
    }

    /** The time is Stripe's, of the event's creation. */
    private static String line(EventLog.Entry entry) {
        return "%d  %s  %-11s  %-40s  %s  %s"
                .formatted(
                        entry.row(),
                        entry.created(),
                        entry.state(),
                        entry.type(),
                        entry.eventId(),
                        entry.outcome() == null ? "" : entry.outcome());
    }
}
