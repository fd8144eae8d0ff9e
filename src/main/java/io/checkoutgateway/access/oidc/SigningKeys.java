package io.checkoutgateway.access.oidc;

import com.nimbusds.jose.jwk.JWKSet;
import io.checkoutgateway.failure.Failures;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The identity provider's keys as they are known here. They are fetched now and then, and when a token names one that is
 * not known, or names none and none fits; that at most once in a while, so that noise cannot make the gateway a nuisance
 * to the provider. What is known stays good while the provider is away.
 */
final class SigningKeys {
    private static final Logger LOG = LoggerFactory.getLogger(SigningKeys.class);
    private static final String AWAY = "The identity provider's keys cannot be had at the moment";

    private final Supplier<Future<JWKSet>> provider;
    private final Duration pause;
    private final Clock clock;
    private JWKSet known = new JWKSet();
    private Instant triedAt = Instant.MIN;
    private boolean failed;
    private @Nullable Future<JWKSet> underWay;

    /** @param pause how long at least between two fetches that tokens cause */
    SigningKeys(Supplier<Future<JWKSet>> provider, Duration pause, Clock clock) {
        this.provider = provider;
        this.pause = pause;
        this.clock = clock;
    }

    /**
     * The keys, among them this one if the provider has it.
     *
     * @param keyId {@code null} when the token names none
     * @return fails with {@link Reason#IDENTITY_PROVIDER_UNAVAILABLE} when the provider may have it and cannot be asked
     */
    synchronized Future<JWKSet> with(@Nullable String keyId) {
        return holds(known, keyId) ? Future.succeededFuture(known) : asked();
    }

    /**
     * The keys, newer than those if the provider has newer ones: for a token that names no key and that none of those has
     * signed. Forged ones look the same, so this too makes the provider be asked at most once in a while.
     *
     * @return fails as {@link #with}
     */
    synchronized Future<JWKSet> newerThan(JWKSet tried) {
        return known == tried ? asked() : Future.succeededFuture(known);
    }

    private Future<JWKSet> asked() {
        Duration since = Duration.between(triedAt, clock.instant());
        if (underWay == null && triedAt != Instant.MIN && since.compareTo(pause) < 0) {
            return failed ? away(pause.minus(since), null) : Future.succeededFuture(known);
        }
        return refresh().recover(failure -> away(pause, failure));
    }

    private static boolean holds(JWKSet keys, @Nullable String keyId) {
        return keyId == null ? !keys.isEmpty() : keys.getKeyByKeyId(keyId) != null;
    }

    private static Future<JWKSet> away(Duration wait, @Nullable Throwable cause) {
        return Future.failedFuture(GatewayException.retryable(Reason.IDENTITY_PROVIDER_UNAVAILABLE, AWAY, wait, cause));
    }

    /** Fetches the keys; those who ask meanwhile share the answer. */
    synchronized Future<JWKSet> refresh() {
        Future<JWKSet> present = underWay;
        if (present != null) {
            return present;
        }
        triedAt = clock.instant();
        Future<JWKSet> fetch = provider.get();
        underWay = fetch;
        return fetch.onSuccess(this::learn).onFailure(this::miss);
    }

    private synchronized void learn(JWKSet keys) {
        known = keys;
        failed = false;
        underWay = null;
    }

    private synchronized void miss(Throwable failure) {
        failed = true;
        underWay = null;
        Failures.note(LOG.atWarn().addKeyValue("known", known.size()), failure)
                .log("the identity provider's keys could not be fetched");
    }
}
