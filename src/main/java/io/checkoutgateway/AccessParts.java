package io.checkoutgateway;

import io.checkoutgateway.access.ApiKeys;
import io.checkoutgateway.access.Callers;
import io.checkoutgateway.access.KeyUses;
import io.checkoutgateway.access.oidc.Pseudonyms;
import io.checkoutgateway.access.oidc.Tokens;
import io.checkoutgateway.limits.RateLimits;
import io.checkoutgateway.settings.OidcSettings;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.store.PgApiKeys;
import io.checkoutgateway.store.PgBuckets;
import io.checkoutgateway.store.PgPseudonymKey;
import io.checkoutgateway.store.Postgres;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Who may call and how often, and what is done about it beside requests. */
final class AccessParts {
    /** Nobody waits longer for a note of which keys were used when Postgres is away too. */
    private static final Duration LAST_NOTE = Duration.ofSeconds(1);

    private final PgPseudonymKey pseudonymKey;
    private final ApiKeys keys;
    private final Callers callers;
    private final RateLimits limits;
    private final KeyUses uses;
    private final Loop usesLoop;
    private final @Nullable Tokens tokens;
    private final @Nullable Loop tokensLoop;

    AccessParts(Vertx vertx, Settings settings, Postgres postgres, Clock clock, MeterRegistry metrics) {
        this.pseudonymKey = new PgPseudonymKey(postgres);
        PgApiKeys store = new PgApiKeys(postgres);
        this.uses = new KeyUses(store);
        this.keys = new ApiKeys(store, uses, new SecureRandom(), clock);
        this.usesLoop = new Loop(vertx, metrics, "key-uses", KeyUses.INTERVAL, uses::runOnce);
        this.limits = new RateLimits(settings.rates(), new PgBuckets(postgres), clock, metrics);
        OidcSettings oidc = settings.oidc();
        Tokens taken = oidc == null ? null : new Tokens(vertx, oidc, clock, metrics);
        this.tokens = taken;
        this.tokensLoop = oidc == null || taken == null
                ? null
                : new Loop(vertx, metrics, "identity-provider", oidc.refreshInterval(), taken::runOnce);
        this.callers = new Callers(keys, taken);
    }

    ApiKeys keys() {
        return keys;
    }

    Callers callers() {
        return callers;
    }

    RateLimits limits() {
        return limits;
    }

    /** Learns what callers with tokens are called in logs. */
    Future<Void> open() {
        return tokens == null
                ? Future.succeededFuture()
                : pseudonymKey.read().map(key -> {
                    tokens.callBy(new Pseudonyms(key));
                    return null;
                });
    }

    /** Begins; the identity provider is asked at once and not waited for. */
    void start() {
        usesLoop.start();
        if (tokensLoop != null) {
            tokensLoop.start().wake();
        }
    }

    Future<?> noteUsesNow() {
        return uses.runOnce();
    }

    /** Ends; what is not written down yet of the keys that were used, is. */
    Future<?> stop() {
        Future<Void> asked = tokensLoop == null ? Future.succeededFuture() : tokensLoop.stop();
        return Future.join(usesLoop.stop(), asked)
                .transform(stopped -> uses.runOnce().timeout(LAST_NOTE.toMillis(), TimeUnit.MILLISECONDS))
                .transform(noted -> tokens == null ? Future.succeededFuture() : tokens.close());
    }
}
