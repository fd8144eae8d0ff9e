package io.checkoutgateway;

import io.checkoutgateway.failure.Causes;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.sandbox.SandboxOptions;
import io.checkoutgateway.sandbox.StripeSandbox;
import io.checkoutgateway.settings.LogSettings;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.settings.SettingsException;
import io.checkoutgateway.store.Migrations;
import io.checkoutgateway.store.Postgres;
import io.checkoutgateway.store.PostgresFailure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. Every command reads the same settings; {@code demo} brings its own. */
@Command(
        name = "gateway",
        mixinStandardHelpOptions = true,
        description = "Checkout Gateway: between a billing system and Stripe Checkout.",
        subcommands = {
            Main.Serve.class,
            Main.Demo.class,
            Main.Sandbox.class,
            Main.Migrate.class,
            KeyCommands.class,
            AppCommands.class,
            SecretsCommands.class,
            AuditCommands.class,
            EventCommands.class,
            FollowUpCommands.class,
            SessionCommands.class,
            MirrorCommands.Backfill.class,
            DriftCommands.class,
            MirrorCommands.CatchUpSince.class
        })
public final class Main implements Callable<Integer> {
    private static final int OK = 0;
    private static final int FAILED = 1;

    /** The commands that go on until they are stopped; what they have to say is their log. */
    private static final Set<String> SERVERS = Set.of("serve", "demo", "sandbox");

    /** The commands whose progress is what a person wants to see. */
    private static final Set<String> PROGRESS = Set.of("backfill", "drift", "catch-up", "sessions");

    /** How long a stop may take beyond the grace for requests, before the process ends anyway. */
    private static final Duration STOP_MARGIN = Duration.ofSeconds(10);

    /** Runs one command; ends the process when it failed, or when it was one that ends by itself. */
    public static void main(String[] args) {
        // Libraries turn words into others by the machine's language: in Turkish, "string" would be no type of the
        // contract.
        Locale.setDefault(Locale.ROOT);
        beginLog(args.length == 0 ? "" : args[0]);
        int code = commandLine().execute(args);
        if (code != OK) {
            System.exit(code);
        }
    }

    /** Before the first logger exists. What was set wins over the presets of commands for people. */
    private static void beginLog(String command) {
        LogSettings usual = LogSettings.PRESET;
        LogSettings preset = new LogSettings(
                command.equals("demo") ? "text" : usual.format(),
                PROGRESS.contains(command) ? "WARN" : usual.level(),
                usual.accessLevel());
        LogSettings.ofProcess(preset).apply();
        // What a command prints may be read by a program.
        System.setProperty("checkoutgateway.log.target", SERVERS.contains(command) ? "System.out" : "System.err");
    }

    /** All commands; each tells the program's version, and in a sentence why it failed. */
    static CommandLine commandLine() {
        CommandLine all = new CommandLine(new Main());
        tellVersion(all);
        return all.setExecutionExceptionHandler((failure, commandLine, parsed) -> explain(failure, commandLine));
    }

    private static void tellVersion(CommandLine command) {
        command.getCommandSpec().versionProvider(() -> new String[] {"gateway " + version()});
        command.getSubcommands().values().forEach(Main::tellVersion);
    }

    /** Classes that lie open, as in an IDE, say nothing of it. */
    private static String version() {
        return Objects.requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "of no release");
    }

    /** A stack trace is for what nobody foresaw; a file that cannot be read or made is the machine's doing. */
    private static int explain(Exception failure, CommandLine commandLine) {
        if (failure instanceof SettingsException || failure instanceof IllegalStateException) {
            commandLine.getErr().println(failure.getMessage());
        } else if (failure instanceof GatewayException || failure instanceof UncheckedIOException) {
            commandLine.getErr().println(Causes.told(failure));
        } else {
            failure.printStackTrace(commandLine.getErr());
        }
        return FAILED;
    }

    @Override
    public Integer call() {
        CommandLine.usage(this, System.out);
        return OK;
    }

    /** Waits for the outcome on the main thread, which is no event loop. */
    private static <T> T await(Future<T> future) throws Exception {
        return future.await();
    }

    /** Runs the gateway until it is asked to stop. */
    @Command(name = "serve", mixinStandardHelpOptions = true, description = "Run the gateway.")
    static final class Serve implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            Settings settings = Settings.fromEnvironment();
            Gateway gateway = await(Gateway.start(settings));
            Duration patience = settings.http().shutdownGrace().plus(STOP_MARGIN);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(gateway, patience), "stop"));
            return OK;
        }

        /** A stop that was asked for and went well is no failure, which the JVM's own 143 for SIGTERM would say. */
        private static void stop(Gateway gateway, Duration patience) {
            boolean inTime = Stops.stop(gateway.close(), patience);
            Runtime.getRuntime().halt(inTime ? OK : FAILED);
        }
    }

    /** Runs the gateway on an embedded Postgres and against the sandbox. */
    @Command(
            name = "demo",
            mixinStandardHelpOptions = true,
            description = "Run the gateway with an embedded Postgres and a Stripe sandbox.")
    static final class Demo implements Callable<Integer> {
        @Override
        public Integer call() {
            DemoRun demo = DemoRun.start();
            Runtime.getRuntime().addShutdownHook(new Thread(demo::stop, "stop"));
            System.out.println(demo.greeting());
            return OK;
        }
    }

    /** Runs the stand-in of Stripe alone, for several gateways or for tests of other programs. */
    @Command(name = "sandbox", mixinStandardHelpOptions = true, description = "Run the Stripe sandbox alone.")
    static final class Sandbox implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Option(names = "--host", description = "The address to listen on; this machine only by default.")
        private String host = "127.0.0.1";

        @Option(names = "--port", description = "The port to listen on; ${DEFAULT-VALUE} by default.")
        private int port = 12111;

        @Option(
                names = "--remote-control",
                description =
                        "Obey /_sandbox from other machines than this one, too: its clock, its faults, its cards.")
        private boolean remoteControl;

        @Override
        public Integer call() throws Exception {
            SandboxOptions options = options();
            Vertx vertx = Vertx.vertx();
            StripeSandbox sandbox = start(vertx, options);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> Stops.stop(vertx.close(), STOP_MARGIN), "stop"));
            System.out.println("A Stripe sandbox listens at " + sandbox.baseUri() + "; it forgets all when it stops.");
            return OK;
        }

        private SandboxOptions options() {
            try {
                return SandboxOptions.defaults().toBuilder()
                        .host(host)
                        .port(port)
                        .remoteControl(remoteControl)
                        .build();
            } catch (IllegalArgumentException mistake) {
                throw new ParameterException(spec.commandLine(), mistake.getMessage());
            }
        }

        private static StripeSandbox start(Vertx vertx, SandboxOptions options) throws Exception {
            try {
                return await(StripeSandbox.start(vertx, options));
            } catch (IllegalStateException taken) {
                await(vertx.close());
                throw new IllegalStateException(taken.getMessage() + "; --port chooses another", taken);
            }
        }
    }

    /** Brings the database up to date, for those who do that in a step of its own. */
    @Command(name = "migrate", mixinStandardHelpOptions = true, description = "Run the database migrations and exit.")
    static final class Migrate implements Callable<Integer> {
        @Option(
                names = "--service-role",
                description = "Give this role what serving needs; by default that of DATABASE_URL, when "
                        + "DATABASE_MIGRATION_URL is another's.")
        private @Nullable String serviceRole;

        @Override
        public Integer call() throws Exception {
            Settings settings = Settings.fromEnvironment();
            int count = Main.<Integer>withVertx(vertx -> serviceRole == null
                    ? Migrations.run(vertx, settings.database())
                    : Migrations.run(vertx, settings.database(), Optional.of(serviceRole)));
            System.out.println(count + " migrations done");
            return OK;
        }
    }

    /** Does something with the database of the environment's settings. */
    static <T> T withPostgres(Function<Postgres, Future<T>> work) throws Exception {
        return withPostgres(Settings.fromEnvironment(), work);
    }

    /**
     * Does something with the database of these settings.
     *
     * @throws IllegalStateException when it cannot be used, with its address and the reason
     */
    static <T> T withPostgres(Settings settings, Function<Postgres, Future<T>> work) throws Exception {
        return withVertx(vertx -> {
            Postgres postgres = Postgres.of(vertx, settings.database());
            return work.apply(postgres)
                    .recover(failure -> Future.failedFuture(PostgresFailure.of(settings.database(), failure)
                            .map(Throwable.class::cast)
                            .orElse(failure)))
                    .eventually(postgres::close);
        });
    }

    /** Does something that needs an event loop for a moment. */
    static <T> T withVertx(Function<Vertx, Future<T>> work) throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            return await(work.apply(vertx));
        } finally {
            await(vertx.close());
        }
    }
}
