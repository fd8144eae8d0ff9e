package io.checkoutgateway.access.oidc;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import io.checkoutgateway.access.Caller;
import io.checkoutgateway.access.Credentials;
import io.checkoutgateway.access.oidc.TokenRules.UnprovenException;
import io.checkoutgateway.settings.OidcSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Optional;

/** Recognises callers by tokens that an identity provider signed for this gateway. */
public final class Tokens implements Credentials {
    private final OidcSettings settings;
    private final IdentityProvider provider;
    private final SigningKeys keys;
    private final TokenRules rules;
    private final MeterRegistry metrics;

    public Tokens(Vertx vertx, OidcSettings settings, Clock clock, MeterRegistry metrics) {
        this.settings = settings;
        this.provider = new IdentityProvider(vertx, settings);
        this.keys = new SigningKeys(provider::keys, settings.refreshPause(), clock);
        this.rules = new TokenRules(settings, clock);
        this.metrics = metrics;
    }

    @Override
    public Future<Optional<Caller>> recognise(String text) {
        SignedJWT token;
        try {
            token = rules.read(text);
        } catch (UnprovenException e) {
            return Future.succeededFuture(refused(e));
        }
        return keys.with(token.getHeader().getKeyID()).map(known -> callerOf(token, known));
    }

    private Optional<Caller> callerOf(SignedJWT token, JWKSet known) {
        try {
            return Optional.of(TokenCaller.of(rules.check(token, known), settings.namespaceClaim()));
        } catch (UnprovenException e) {
            return refused(e);
        }
    }

    /** The caller hears one sentence for everything; the operator, who has to find a wrong audience, sees the word. */
    private Optional<Caller> refused(UnprovenException unproven) {
        metrics.counter("gateway.tokens.refused", "reason", unproven.word()).increment();
        return Optional.empty();
    }

    /** Fetches the provider's keys, for those that are to come; a provider that is away is logged and waited for. */
    public Future<Boolean> runOnce() {
        return keys.refresh().map(false).otherwise(false);
    }

    /** Lets go of the provider. */
    public Future<Void> close() {
        return provider.close();
    }
}
