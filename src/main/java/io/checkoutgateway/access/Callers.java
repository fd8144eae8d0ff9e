package io.checkoutgateway.access;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Everyone who may call, whatever they show. */
public final class Callers {
    /** One sentence for every way to fail: which one it was helps only an attacker. */
    private static final String REFUSED = "The credential is missing, malformed, unknown, revoked or expired";

    private final Credentials keys;
    private final @Nullable Credentials tokens;

    /** @param tokens {@code null} when only keys are taken */
    public Callers(Credentials keys, @Nullable Credentials tokens) {
        this.keys = keys;
        this.tokens = tokens;
    }

    /**
     * Tells who presents this credential.
     *
     * @return fails with {@link Reason#UNAUTHENTICATED} when it proves nothing, and with {@link
     *     Reason#IDENTITY_PROVIDER_UNAVAILABLE} when that cannot be told now
     */
    public Future<Caller> authenticate(String text) {
        return recognise(text)
                .map(found -> found.orElseThrow(() -> new GatewayException(Reason.UNAUTHENTICATED, REFUSED)));
    }

    private Future<Optional<Caller>> recognise(String text) {
        if (tokens == null || text.startsWith(ApiKey.PREFIX)) {
            return keys.recognise(text);
        }
        return tokens.recognise(text);
    }
}
