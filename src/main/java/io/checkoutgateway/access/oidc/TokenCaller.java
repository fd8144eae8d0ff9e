package io.checkoutgateway.access.oidc;

import com.nimbusds.jwt.JWTClaimsSet;
import io.checkoutgateway.access.Caller;
import io.checkoutgateway.access.Scope;
import io.checkoutgateway.access.oidc.TokenRules.UnprovenException;
import io.checkoutgateway.settings.Namespace;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whom a token stands for, by its claims. */
public final class TokenCaller {
    /** At most 255 ASCII characters. (OpenID Connect Core 1.0, section 2.) It is a name in the audit trail. */
    private static final Pattern SUBJECT = Pattern.compile("[\\x21-\\x7E]{1,255}");

    private static final String PREFIX = "oidc:";

    private TokenCaller() {}

    /** The name in the audit trail of whom the provider calls so. */
    public static String name(String subject) {
        return PREFIX + subject;
    }

    static Caller of(JWTClaimsSet claims, String namespaceClaim, Pseudonyms pseudonyms) throws UnprovenException {
        if (!(claims.getClaim(namespaceClaim) instanceof String namespace) || !Namespace.isName(namespace)) {
            throw new UnprovenException("claims");
        }
        String subject = claims.getSubject();
        if (subject == null || !SUBJECT.matcher(subject).matches()) {
            throw new UnprovenException("claims");
        }
        String name = name(subject);
        return new Caller(namespace, name, pseudonyms.of(namespace, name), scopes(claims));
    }

    /** Words of other services are no words here. */
    private static Set<Scope> scopes(JWTClaimsSet claims) {
        Object given = Optional.ofNullable(claims.getClaim("scope")).orElse(claims.getClaim("scp"));
        return words(given).flatMap(word -> Scope.of(word).stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** A text of words between blanks (RFC 8693, section 4.2), or an array, as some providers have it. */
    private static Stream<String> words(@Nullable Object given) {
        return given instanceof Collection<?> several
                ? several.stream().map(String::valueOf)
                : Stream.ofNullable(given)
                        .flatMap(text -> Stream.of(String.valueOf(text).split(" ", -1)));
    }
}
