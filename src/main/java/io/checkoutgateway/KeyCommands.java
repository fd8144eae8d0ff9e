package io.checkoutgateway;

import io.checkoutgateway.access.ApiKeys;
import io.checkoutgateway.access.IssuedKey;
import io.checkoutgateway.access.KeyUses;
import io.checkoutgateway.access.NewApiKey;
import io.checkoutgateway.access.Scope;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.http.Wire;
import io.checkoutgateway.http.admin.ApiKeyResource;
import io.checkoutgateway.store.PgApiKeys;
import io.vertx.core.Future;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
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

/** {@code gateway keys …}: API keys for a person at a terminal, beside the running replicas. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description = "Manage API keys.",
        subcommands = {KeyCommands.Create.class, KeyCommands.ListAll.class, KeyCommands.Revoke.class})
final class KeyCommands implements Callable<Integer> {
    private static final int OK = 0;

    /** As many as one namespace may have live; who has more dead ones begins after the last. */
    private static final int LIST_MAX = ApiKeys.LIVE_MAX;

    @Override
    public Integer call() {
        CommandLine.usage(this, System.out);
        return OK;
    }

    /** Makes a key; its text is printed once and stored nowhere. */
    @Command(name = "create", mixinStandardHelpOptions = true, description = "Make an API key and print it.")
    static final class Create implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Mixin
        private final NamespaceOption.Required namespace = new NamespaceOption.Required();

        @Option(names = "--name", required = true, description = "What the key is called in lists.")
        private String name = "";

        @Option(
                names = "--scope",
                required = true,
                split = ",",
                converter = ScopeWord.class,
                description = "What the key allows, such as sessions:write; admin for everything. Repeatable.")
        private Set<Scope> scopes = Set.of();

        @Option(
                names = "--expires-in",
                converter = Words.Lifetime.class,
                description = "An ISO 8601 duration, such as P90D; never by default.")
        private @Nullable Duration expiresIn;

        @Override
        public Integer call() throws Exception {
            Instant expiresAt = expiresIn == null ? null : Instant.now().plus(expiresIn);
            String whose = namespace.name();
            NewApiKey wanted = new NewApiKey(name, scopes, expiresAt);
            out(spec).println(KeyCommands.<String>withKeys(keys -> keys.issue(
                            Actor.command(whose, "keys create"), wanted)
                    .map(key -> key.reveal())));
            return OK;
        }
    }

    /** Prints a line for each key, the oldest first. */
    @Command(name = "list", mixinStandardHelpOptions = true, description = "List API keys, the oldest first.")
    static final class ListAll implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Mixin
        private final NamespaceOption.OrOwn namespace = new NamespaceOption.OrOwn();

        @Option(names = "--after", defaultValue = "0", description = "Begin after this number, the first column.")
        private long after;

        @Option(names = "--json", description = "Print each as a JSON object on a line, as the API lists it.")
        private boolean json;

        @Override
        public Integer call() throws Exception {
            List<IssuedKey> found =
                    KeyCommands.<List<IssuedKey>>withKeys(keys -> keys.list(namespace.name(), after, LIST_MAX));
            found.forEach(key -> out(spec).println(json ? Wire.encode(ApiKeyResource.of(key)) : line(key)));
            Stretches.tellOfMore(
                    spec,
                    found.size() < LIST_MAX
                            ? Optional.empty()
                            : Optional.of(found.get(found.size() - 1).place()));
            return OK;
        }
    }

    /** Ends a key for good. */
    @Command(name = "revoke", mixinStandardHelpOptions = true, description = "End an API key for good.")
    static final class Revoke implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Mixin
        private final NamespaceOption.OrOwn namespace = new NamespaceOption.OrOwn();

        @Parameters(description = "The key's id: the 16 digits between cgk_ and the next underscore.")
        private String keyId = "";

        @Override
        public Integer call() throws Exception {
            out(spec)
                    .println(line(KeyCommands.<IssuedKey>withKeys(
                            keys -> keys.revoke(Actor.command(namespace.name(), "keys revoke"), keyId))));
            return OK;
        }
    }

    /** Where the command line was told to write; standard output by default. */
    private static PrintWriter out(CommandSpec spec) {
        return spec.commandLine().getOut();
    }

    private static String line(IssuedKey key) {
        return "%d  %s  %s  created %s  expires %s  last used %s  %s  %s"
                .formatted(
                        key.place(),
                        key.id(),
                        standing(key),
                        key.createdAt(),
                        orNever(key.expiresAt()),
                        orNever(key.lastUsedAt()),
                        key.scopes().stream().map(Scope::word).sorted().collect(Collectors.joining(",")),
                        key.name());
    }

    private static String standing(IssuedKey key) {
        Instant expiresAt = key.expiresAt();
        if (key.revokedAt() != null) {
            return "revoked " + key.revokedAt();
        }
        return expiresAt == null || expiresAt.isAfter(Instant.now()) ? "live" : "expired";
    }

    private static String orNever(@Nullable Instant instant) {
        return instant == null ? "never" : instant.toString();
    }

    private static <T> T withKeys(Function<ApiKeys, Future<T>> work) throws Exception {
        return Main.withPostgres(postgres -> {
            PgApiKeys store = new PgApiKeys(postgres);
            return work.apply(new ApiKeys(store, new KeyUses(store), new SecureRandom(), Clock.systemUTC()));
        });
    }

    /** Takes the words of scopes. */
    static final class ScopeWord implements ITypeConverter<Scope> {
        @Override
        public Scope convert(String text) {
            return Scope.of(text)
                    .orElseThrow(() -> new TypeConversionException("there is no scope \"%s\"; there are: %s"
                            .formatted(
                                    text,
                                    Arrays.stream(Scope.values())
                                            .map(Scope::word)
                                            .collect(Collectors.joining(", ")))));
        }
    }
}
