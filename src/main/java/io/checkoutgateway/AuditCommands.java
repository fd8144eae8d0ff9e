package io.checkoutgateway;

import io.checkoutgateway.audit.Link;
import io.checkoutgateway.audit.Verification;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.store.PgAuditChain;
import io.checkoutgateway.store.Postgres;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gateway audit …}, beside the running replicas. */
@Command(name = "audit", description = "Look after the audit log.", subcommands = AuditCommands.Verify.class)
final class AuditCommands implements Callable<Integer> {
    private static final int OK = 0;
    private static final int WRONG = 1;

    @Override
    public Integer call() {
        CommandLine.usage(this, System.out);
        return OK;
    }

    /** Prints the head, to be kept where whoever can write to the database cannot. */
    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = "Compare the audit log with its chain; ends with 1 when something was altered.")
    static final class Verify implements Callable<Integer> {
        @Option(
                names = "--expect",
                description =
                        "A head that an earlier run printed: finds that the end was cut off since, or all rewritten.")
        private @Nullable String expected;

        @Option(
                names = "--unchained-limit",
                defaultValue = "PT5M",
                description = "How long an entry may wait to be linked; ${DEFAULT-VALUE} by default.")
        private Duration patience = Duration.ZERO;

        @Override
        public Integer call() throws Exception {
            Settings settings = Settings.fromEnvironment();
            Link known = expected == null ? null : Link.of(expected);
            Verification.Outcome outcome = Main.<Verification.Outcome>withVertx(vertx -> {
                Postgres postgres = Postgres.of(vertx, settings.database());
                return new Verification(new PgAuditChain(postgres), patience, known)
                        .run()
                        .eventually(postgres::close);
            });
            System.out.println("head " + outcome.head().text());
            outcome.problem().ifPresent(System.err::println);
            return outcome.problem().isPresent() ? WRONG : OK;
        }
    }
}
