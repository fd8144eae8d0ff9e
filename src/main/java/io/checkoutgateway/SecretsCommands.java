package io.checkoutgateway;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.secrets.ClearSecrets;
import io.checkoutgateway.secrets.KeysetVault;
import io.checkoutgateway.secrets.Rotation;
import io.checkoutgateway.secrets.SealingKeys;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.store.PgKeysets;
import io.checkoutgateway.store.PgSealedRows;
import io.vertx.core.Future;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gateway secrets …}: the keys that secrets are sealed with, looked after beside the running replicas. */
@Command(
        name = "secrets",
        mixinStandardHelpOptions = true,
        description = "Look after the keys that secrets in the database are sealed with.",
        subcommands = {
            SecretsCommands.GenerateKey.class,
            SecretsCommands.Rotate.class,
            SecretsCommands.Rewrap.class,
            SecretsCommands.SealClear.class
        })
final class SecretsCommands implements Callable<Integer> {
    private static final int OK = 0;
    private static final int FAILED = 1;

    @Override
    public Integer call() {
        CommandLine.usage(this, System.out);
        return OK;
    }

    /** Needs no settings: it is what one begins with. */
    @Command(
            name = "generate-key",
            mixinStandardHelpOptions = true,
            description = "Print a new key for GATEWAY_SECRETS_KEY.")
    static final class GenerateKey implements Callable<Integer> {
        @Override
        public Integer call() {
            System.out.println(SealingKeys.generate(new SecureRandom()).reveal());
            return OK;
        }
    }

    /** May be killed and run again; whatever is left is finished by running gateways. */
    @Command(
            name = "rotate",
            mixinStandardHelpOptions = true,
            description =
                    "Make a new data key and seal every secret anew; continues an earlier rotation that is not done.")
    static final class Rotate implements Callable<Integer> {
        @Option(
                names = "--alone",
                description = "No gateway runs: older data keys are dropped at once, not a quarter of an hour later.")
        private boolean alone;

        @Override
        public Integer call() throws Exception {
            return withRotation("secrets rotate", (rotation, actor) -> rotate(rotation, actor, alone, System.out));
        }
    }

    static Future<Integer> rotate(Rotation rotation, Actor actor, boolean alone, PrintStream out) {
        boolean again = rotation.underWay();
        return (again ? Future.<Void>succeededFuture() : rotation.begin(actor))
                .onSuccess(begun -> out.println(
                        again ? "An earlier rotation is not done; this goes on with it." : "There is a new data key."))
                .compose(begun -> rotation.reseal())
                .compose(done -> {
                    done.resealed()
                            .forEach((table, count) -> out.println("%s: %d sealed anew".formatted(table, count)));
                    return rotation.drop(alone ? Duration.ZERO : Rotation.GRACE, actor)
                            .map(dropped -> conclude(done, dropped, alone, out));
                });
    }

    private static int conclude(Rotation.Resealed done, boolean dropped, boolean alone, PrintStream out) {
        if (done.unreadable() > 0) {
            out.println(done.unreadable() + " cannot be opened; see the log for which. Older data keys stay for them.");
            return FAILED;
        }
        if (dropped) {
            out.println("Older data keys are gone.");
        } else if (!alone) {
            out.println(
                    "Older data keys stay for %d minutes, since gateways may still be sealing with them; then one of "
                                    .formatted(Rotation.GRACE.toMinutes())
                            + "them, or this command again, drops them.");
        }
        return OK;
    }

    /** After the key outside the database was replaced. */
    @Command(
            name = "rewrap",
            mixinStandardHelpOptions = true,
            description = "Seal the data keys under the first key of GATEWAY_SECRETS_KEY.")
    static final class Rewrap implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            return withRotation("secrets rewrap", (rotation, actor) -> rewrap(rotation, actor, System.out));
        }
    }

    static Future<Integer> rewrap(Rotation rotation, Actor actor, PrintStream out) {
        String before = rotation.sealedUnder();
        return rotation.rewrap(actor).map(changed -> {
            out.println(
                    changed
                            ? "The data keys were sealed under %s and are sealed under %s now."
                                    .formatted(before, rotation.sealedUnder())
                            : "The data keys are sealed under %s already.".formatted(before));
            return OK;
        });
    }

    /** Once, for a database that the first builds wrote to. */
    @Command(
            name = "seal-clear",
            mixinStandardHelpOptions = true,
            description = "List secrets that lie in clear, and seal those that you know; what is in clear is not used.")
    static final class SealClear implements Callable<Integer> {
        @Option(
                names = "--row",
                split = ",",
                description = "Seal this one, as the list calls it. Repeatable. Whoever could write to the database can"
                        + " have put it there: if you do not know it, rotate the endpoint's secret instead.")
        private Set<String> rows = Set.of();

        @Override
        public Integer call() throws Exception {
            return withVault(
                    "secrets seal-clear",
                    (vault, stored, actor) -> sealClear(new ClearSecrets(vault, stored), rows, actor, System.out));
        }
    }

    static Future<Integer> sealClear(ClearSecrets clear, Set<String> rows, Actor actor, PrintStream out) {
        return clear.seal(rows, actor)
                .compose(count -> clear.count().compose(left -> clear.list().map(listed -> {
                    out.println("%d sealed, %d in clear".formatted(count, left));
                    listed.forEach(
                            owner -> out.println("%s  %s  %s".formatted(owner.id(), owner.kind(), owner.namespace())));
                    if (left > listed.size()) {
                        out.println("%d more are not listed; --row takes them, too".formatted(left - listed.size()));
                    }
                    return count == rows.size() ? OK : FAILED;
                })));
    }

    private static int withRotation(String command, BiFunction<Rotation, Actor, Future<Integer>> work)
            throws Exception {
        return withVault(command, (vault, rows, actor) -> work.apply(new Rotation(vault, rows), actor));
    }

    /** What is done with the keys and what they seal. */
    private interface Work {
        Future<Integer> with(KeysetVault vault, PgSealedRows rows, Actor actor);
    }

    private static int withVault(String command, Work work) throws Exception {
        Settings settings = Settings.fromEnvironment();
        SealingKeys keys = SealingKeys.of(settings.secrets());
        Actor actor = Actor.command(settings.checkout().namespace(), command);
        return Main.<Integer>withPostgres(settings, postgres -> {
            KeysetVault vault = new KeysetVault(new PgKeysets(postgres), keys);
            return vault.start().compose(started -> work.with(vault, new PgSealedRows(postgres), actor));
        });
    }
}
