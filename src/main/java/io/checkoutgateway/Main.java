package io.checkoutgateway;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.sandbox.SandboxOptions;
import io.checkoutgateway.sandbox.StripeSandbox;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.settings.SettingsException;
import io.checkoutgateway.store.Migrations;
import io.checkoutgateway.store.Postgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
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
import picocli.CommandLine.Option;

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
            SecretsCommands.class,
            AuditCommands.class,
            EventCommands.class,
            FollowUpCommands.class,
            SessionCommands.class,
            MirrorCommands.Backfill.class,
            MirrorCommands.Drift.class,
            MirrorCommands.CatchUpSince.class
        })
public final class Main implements Callable<Integer> {
    private static final int OK = 0;
    private static final int FAILED = 1;

    /** The commands that go on until they are stopped; what they have to say is their log. */
    private static final Set<String> SERVERS = Set.of("serve", "demo", "sandbox");

    /** How long a stop may take beyond the grace for requests, before the process ends anyway. */
    private static final Duration STOP_MARGIN = Duration.ofSeconds(10);

    /** Runs one command; ends the process when it failed, or when it was one that ends by itself. */
    public static void main(String[] args) {
        // Libraries turn words into others by the machine's language: in Turkish, "string" would be no type of the
        // contract.
        Locale.setDefault(Locale.ROOT);
        // What a command prints may be read by a program. Set before the first logger exists.
        if (args.length > 0 && !SERVERS.contains(args[0])) {
            System.setProperty("LOG_TARGET", "System.err");
        }
        int code = commandLine()
                .setExecutionExceptionHandler((failure, commandLine, parsed) -> explain(failure, commandLine))
                .execute(args);
        if (code != OK) {
            System.exit(code);
        }
    }

    /** All commands; each tells the program's version. */
    static CommandLine commandLine() {
        CommandLine all = new CommandLine(new Main());
        tellVersion(all);
        return all;
    }

    private static void tellVersion(CommandLine command) {
        command.getCommandSpec().versionProvider(() -> new String[] {"gateway " + version()});
        command.getSubcommands().values().forEach(Main::tellVersion);
    }

    /** Classes that lie open, as in an IDE, say nothing of it. */
    private static String version() {
        return Objects.requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "of no release");
    }

    private static int explain(Exception failure, CommandLine commandLine) {
        boolean expected = failure instanceof SettingsException
                || failure instanceof IllegalStateException
                || failure instanceof GatewayException;
        if (expected) {
            commandLine.getErr().println(failure.getMessage());
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
            // For people; set before the first logger exists. LOG_FORMAT in the environment wins.
            if (System.getenv("LOG_FORMAT") == null) {
                System.setProperty("LOG_FORMAT", "text");
            }
            DemoRun demo = DemoRun.start();
            Runtime.getRuntime().addShutdownHook(new Thread(demo::stop, "stop"));
            System.out.println(demo.greeting());
            return OK;
        }
    }

    /** Runs the stand-in of Stripe alone, for several gateways or for tests of other programs. */
    @Command(name = "sandbox", mixinStandardHelpOptions = true, description = "Run the Stripe sandbox alone.")
    static final class Sandbox implements Callable<Integer> {
        @Option(names = "--host", description = "The address to listen on; this machine only by default.")
        private String host = "127.0.0.1";

        @Option(names = "--port", description = "The port to listen on; ${DEFAULT-VALUE} by default.")
        private int port = 12111;

        @Override
        public Integer call() throws Exception {
            Vertx vertx = Vertx.vertx();
            StripeSandbox sandbox =
                    await(StripeSandbox.start(vertx, SandboxOptions.defaults().listeningOn(host, port)));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> Stops.stop(vertx.close(), STOP_MARGIN), "stop"));
            System.out.println("A Stripe sandbox listens at " + sandbox.baseUri() + "; it forgets all when it stops.");
            return OK;
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

    /** Does something with the database of the settings. */
    static <T> T withPostgres(Function<Postgres, Future<T>> work) throws Exception {
        Settings settings = Settings.fromEnvironment();
        return withVertx(vertx -> {
            Postgres postgres = Postgres.of(vertx, settings.database());
            return work.apply(postgres).eventually(postgres::close);
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
