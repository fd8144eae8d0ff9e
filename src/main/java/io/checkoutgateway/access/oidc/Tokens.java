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
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Recognises callers by tokens that an identity provider signed for this gateway. */
public final class Tokens implements Credentials {
    private final OidcSettings settings;
    private final IdentityProvider provider;
    private final SigningKeys keys;
    private final TokenRules rules;
    private final MeterRegistry metrics;
    private volatile @Nullable Pseudonyms pseudonyms;

    public Tokens(Vertx vertx, OidcSettings settings, Clock clock, MeterRegistry metrics) {
        this.settings = settings;
        this.provider = new IdentityProvider(vertx, settings);
        this.keys = new SigningKeys(provider::keys, settings.refreshPause(), clock);
        this.rules = new TokenRules(settings, clock);
        this.metrics = metrics;
    }

    /** What callers are called in logs; to be told before the first token comes. */
    public void callBy(Pseudonyms names) {
        this.pseudonyms = names;
    }

    private Pseudonyms pseudonyms() {
        return Objects.requireNonNull(pseudonyms, "callBy() comes first");
    }

    @Override
    public Future<Optional<Caller>> recognise(String text) {
        SignedJWT token;
        try {
            token = rules.read(text);
        } catch (UnprovenException e) {
            return Future.succeededFuture(refused(e));
        }
        return keys.with(token.getHeader().getKeyID()).compose(known -> judged(token, known));
    }

    private Future<Optional<Caller>> judged(SignedJWT token, JWKSet known) {
        try {
            return Future.succeededFuture(Optional.of(callerOf(token, known)));
        } catch (UnprovenException e) {
            return mayBeOfANewKey(token, e)
                    ? keys.newerThan(known).map(newer -> finallyJudged(token, newer))
                    : Future.succeededFuture(refused(e));
        }
    }

    /** One that names its key has made sure already that the key is there, if the provider has it. */
    private static boolean mayBeOfANewKey(SignedJWT token, UnprovenException unproven) {
        return token.getHeader().getKeyID() == null && unproven.word().equals(TokenRules.SIGNATURE);
    }

    private Optional<Caller> finallyJudged(SignedJWT token, JWKSet known) {
        try {
            return Optional.of(callerOf(token, known));
        } catch (UnprovenException e) {
            return refused(e);
        }
    }

    private Caller callerOf(SignedJWT token, JWKSet known) throws UnprovenException {
        return TokenCaller.of(rules.check(token, known), settings.namespaceClaim(), pseudonyms());
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
