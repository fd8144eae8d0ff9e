package io.checkoutgateway.access.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.BadJWSException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import io.checkoutgateway.settings.OidcSettings;
import java.text.ParseException;
import java.time.Clock;
import java.util.Date;
import java.util.Set;
import java.util.stream.Collectors;

/** What makes a token a proof: who signed it, with what, for whom, and when. (RFC 7519, section 7.2; RFC 8725.) */
final class TokenRules {
    /** Longer ones do not fit what common servers take for headers. */
    static final int LENGTH_MAX = 8_192;

    /** An access token of RFC 9068 says so; most providers say {@code JWT} or nothing. */
    private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");

    /** None of the keys has signed the token. */
    static final String SIGNATURE = "signature";

    private final OidcSettings settings;
    private final Set<JWSAlgorithm> algorithms;
    private final DefaultJWTClaimsVerifier<SecurityContext> claims;

    TokenRules(OidcSettings settings, Clock clock) {
        this.settings = settings;
        this.algorithms =
                settings.algorithms().stream().map(JWSAlgorithm::parse).collect(Collectors.toSet());
        this.claims =
                new DefaultJWTClaimsVerifier<>(
                        settings.audience(),
                        new JWTClaimsSet.Builder().issuer(settings.issuer()).build(),
                        Set.of("sub", "exp", settings.namespaceClaim())) {
                    @Override
                    protected Date currentTime() {
                        return Date.from(clock.instant());
                    }
                };
        claims.setMaxClockSkew((int) settings.leeway().toSeconds());
    }

    /** Reads a token without believing it. */
    SignedJWT read(String text) throws UnprovenException {
        if (text.length() > LENGTH_MAX) {
            throw new UnprovenException("malformed");
        }
        try {
            SignedJWT token = SignedJWT.parse(text);
            if (!algorithms.contains(token.getHeader().getAlgorithm())) {
                throw new UnprovenException("algorithm");
            }
            return token;
        } catch (ParseException | IllegalArgumentException e) {
            throw new UnprovenException("malformed");
        }
    }

    /** What the token says, when one of these keys signed it and every rule is kept. */
    JWTClaimsSet check(SignedJWT token, JWKSet keys) throws UnprovenException {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, ACCESS_TOKEN, null));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(algorithms, new ImmutableJWKSet<>(keys)));
        processor.setJWTClaimsSetVerifier(claims);
        try {
            return processor.process(token, null);
        } catch (ExpiredJWTException e) {
            throw new UnprovenException("expired");
        } catch (BadJWSException e) {
            throw new UnprovenException(SIGNATURE);
        } catch (BadJOSEException e) {
            throw new UnprovenException(couldBeOf(keys, token) ? "claims" : SIGNATURE);
        } catch (JOSEException | IllegalArgumentException e) {
            throw new UnprovenException(SIGNATURE);
        }
    }

    /** The library refuses a token for which there is no key of its kind in the same way as one with other flaws. */
    private static boolean couldBeOf(JWKSet keys, SignedJWT token) {
        return !new JWKSelector(JWKMatcher.forJWSHeader(token.getHeader()))
                .select(keys)
                .isEmpty();
    }

    /** A token that proves nothing; the message is a word for a measurement. */
    static final class UnprovenException extends Exception {
        private static final long serialVersionUID = 1L;

        UnprovenException(String word) {
            super(word, null, false, false);
        }

        String word() {
            return String.valueOf(getMessage());
        }
    }
}
