package io.checkoutgateway;

import io.checkoutgateway.mirror.SessionPull;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gateway sessions …}: single sessions, beside the running replicas. */
@Command(
        name = "sessions",
        mixinStandardHelpOptions = true,
        description = "Look after single sessions.",
        subcommands = {SessionCommands.Pull.class})
final class SessionCommands implements Callable<Integer> {
    private static final int OK = 0;

    @Override
    public Integer call() {
        CommandLine.usage(this, System.out);
        return OK;
    }

    /** Copies one session, whether it is known here or not. */
    @Command(
            name = "pull",
            mixinStandardHelpOptions = true,
            description = "Read one session from Stripe, known here or not, and keep it.")
    static final class Pull implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Parameters(description = "Stripe's id, cs_….")
        private String stripeSessionId = "";

        @Option(names = "--app", description = "The app's id; the namespace's default app by default.")
        private @Nullable String app;

        @Option(
                names = {"--stripe-account", "--account"},
                description =
                        "A connected account of the app, such as acct_1Q2w3E4r5T6y7U8i; the app's own by default.")
        private @Nullable String account;

        @Mixin
        private final NamespaceOption.OrOwn namespace = new NamespaceOption.OrOwn();

        @Override
        public Integer call() {
            return MirrorCommands.withConsole(console -> {
                String whose = namespace.nameOr(console.namespace());
                spec.commandLine()
                        .getOut()
                        .println(console.pull(whose, new SessionPull.Wish(stripeSessionId, app, account)));
                return OK;
            });
        }
    }
}
