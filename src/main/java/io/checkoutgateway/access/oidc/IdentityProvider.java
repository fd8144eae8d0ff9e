package io.checkoutgateway.access.oidc;

import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import io.checkoutgateway.settings.OidcSettings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.text.ParseException;
import java.util.concurrent.TimeUnit;

/** Asks an OpenID provider for the keys that it signs with. (OpenID Connect Discovery 1.0, section 4.) */
final class IdentityProvider {
    /** A set of a dozen RSA keys with their certificates has 30 KB. */
    static final int BODY_MAX_BYTES = 256 * 1024;

    /** A provider has two or three; each token without a key id is tried with all. */
    static final int KEYS_MAX = 100;

    /** Shorter ones can be factored by those who pay for it. (NIST SP 800-131A.) */
    private static final int RSA_BITS_MIN = 2048;

    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final int OK = 200;

    private final HttpClient client;
    private final OidcSettings settings;

    IdentityProvider(Vertx vertx, OidcSettings settings) {
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setConnectTimeout((int) settings.timeout().toMillis())
                .setVerifyHost(true));
        this.settings = settings;
    }

    /** The public keys that signatures may be checked with; fails with the reason, for the log. */
    Future<JWKSet> keys() {
        URI configured = settings.jwksUrl();
        Future<URI> url = configured == null ? discovered() : Future.succeededFuture(configured);
        return url.compose(this::fetch)
                .map(IdentityProvider::usable)
                .timeout(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Another issuer's document would lead to another issuer's keys. (Section 4.3.) */
    private Future<URI> discovered() {
        String issuer = settings.issuer();
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        return fetch(URI.create(base + DISCOVERY)).map(Buffer::toJsonObject).map(document -> {
            if (!issuer.equals(document.getString("issuer"))) {
                throw new IllegalStateException("the discovery document is of another issuer");
            }
            URI url = URI.create(document.getString("jwks_uri", ""));
            if (!OidcSettings.isTrustworthy(url)) {
                throw new IllegalStateException("the discovery document names no jwks_uri with https");
            }
            return url;
        });
    }

    private Future<Buffer> fetch(URI url) {
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(url.toString())
                .setFollowRedirects(false)
                .setTimeout(settings.timeout().toMillis())
                .putHeader("Accept", "application/json");
        return client.request(request).compose(sending -> sending.send().compose(IdentityProvider::body));
    }

    private static Future<Buffer> body(HttpClientResponse response) {
        if (response.statusCode() != OK) {
            return Future.failedFuture(new IllegalStateException("the provider answered " + response.statusCode()));
        }
        Promise<Buffer> whole = Promise.promise();
        Buffer read = Buffer.buffer();
        response.handler(chunk -> {
                    if (read.length() + chunk.length() > BODY_MAX_BYTES) {
                        whole.tryFail(new IllegalStateException("the provider's answer is too large"));
                        response.request().connection().close().onFailure(whole::tryFail);
                    } else {
                        read.appendBuffer(chunk);
                    }
                })
                .exceptionHandler(whole::tryFail)
                .endHandler(ended -> whole.tryComplete(read));
        return whole.future();
    }

    private static JWKSet usable(Buffer body) {
        try {
            return new JWKSet(JWKSet.parse(body.toString()).getKeys().stream()
                    .filter(IdentityProvider::signs)
                    .limit(KEYS_MAX)
                    .toList());
        } catch (ParseException e) {
            throw new IllegalStateException("the provider's keys cannot be read", e);
        }
    }

    private static boolean signs(JWK key) {
        boolean strong = !(key instanceof RSAKey rsa) || rsa.size() >= RSA_BITS_MIN;
        return key instanceof AsymmetricJWK && strong && !KeyUse.ENCRYPTION.equals(key.getKeyUse());
    }

    Future<Void> close() {
        return client.close();
    }
}
