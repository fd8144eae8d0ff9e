package io.checkoutgateway;

import io.checkoutgateway.access.oidc.Pseudonyms;
import io.checkoutgateway.access.oidc.TokenCaller;
import io.checkoutgateway.audit.Link;
import io.checkoutgateway.audit.Verification;
import io.checkoutgateway.store.PgAuditChain;
import io.checkoutgateway.store.PgAuditLog;
import io.checkoutgateway.store.PgPseudonymKey;
import io.checkoutgateway.store.Postgres;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gateway audit …}, beside the running replicas. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Look after the audit log.",
        subcommands = {AuditCommands.Verify.class, AuditCommands.Caller.class})
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
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Option(
                names = "--expect",
                description =
                        "A head that an earlier run printed: finds that the end was cut off since, or all rewritten.")
        private @Nullable String expected;

        @Option(
                names = "--unchained-limit",
                defaultValue = "PT5M",
                converter = Words.Length.class,
                description = "How long an entry may wait to be linked; ${DEFAULT-VALUE} by default.")
        private Duration patience = Duration.ZERO;

        @Override
        public Integer call() throws Exception {
            Link known = expected == null ? null : Link.of(expected);
            Verification.Outcome outcome = Main.<Verification.Outcome>withPostgres(
                    postgres -> new Verification(new PgAuditChain(postgres), patience, known).run());
            spec.commandLine().getOut().println("head " + outcome.head().text());
            outcome.problem().ifPresent(spec.commandLine().getErr()::println);
            return outcome.problem().isPresent() ? WRONG : OK;
        }
    }

    /** From the log to the person, for the operator who may know. */
    @Command(
            name = "caller",
            mixinStandardHelpOptions = true,
            description = "Tell who a log line's caller is, of those in the audit log and of the subjects given;"
                    + " ends with 1 when it is none of them.")
    static final class Caller implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Mixin
        private final NamespaceOption.OrOwn namespace = new NamespaceOption.OrOwn();

        @Option(
                names = "--subject",
                description = "The provider's name of somebody who may be it: who only reads is not in the audit log."
                        + " Repeatable.")
        private List<String> subjects = List.of();

        @Parameters(description = "As in the log line: oidc~ and 16 hexadecimal digits.")
        private String pseudonym = "";

        @Override
        public Integer call() throws Exception {
            List<String> names =
                    Main.<List<String>>withPostgres(postgres -> named(postgres, namespace.name(), pseudonym, subjects));
            names.forEach(spec.commandLine().getOut()::println);
            if (names.isEmpty()) {
                spec.commandLine()
                        .getErr()
                        .println("Nobody in this namespace's audit log is called so, nor a --subject that was given");
            }
            return names.isEmpty() ? WRONG : OK;
        }
    }

    private static Future<List<String>> named(
            Postgres postgres, String namespace, String pseudonym, List<String> subjects) {
        return new PgPseudonymKey(postgres).read().map(Pseudonyms::new).compose(pseudonyms -> new PgAuditLog(postgres)
                .actors(namespace)
                .map(actors -> Stream.concat(actors.stream(), subjects.stream().map(TokenCaller::name))
                        .filter(name -> pseudonyms.of(namespace, name).equals(pseudonym))
                        .distinct()
                        .toList()));
    }
}
