package io.checkoutgateway.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** An OpenID provider on this machine, with real keys. */
public final class TestIdentityProvider implements AutoCloseable {
    public static final String AUDIENCE = "checkout-gateway";

    /** Who can be trusted, made once: a key of 2,048 bits takes a while. */
    private static final RSAKey RSA = rsa(2048, "rsa");

    private final HttpServer server;
    private final AtomicInteger fetches = new AtomicInteger();
    private final AtomicInteger generation = new AtomicInteger();
    private volatile ECKey signing = ec("ec-0");
    private volatile String keys;
    private volatile String discovery;
    private volatile int status = 200;

    private TestIdentityProvider(HttpServer server) {
        this.server = server;
        this.keys = new JWKSet(List.of(signing, RSA)).toString();
        this.discovery = new JsonObject()
                .put("issuer", issuer())
                .put("jwks_uri", issuer() + "/keys")
                .encode();
        server.createContext("/.well-known/openid-configuration", exchange -> answer(exchange, discovery));
        server.createContext("/keys", exchange -> {
            fetches.incrementAndGet();
            answer(exchange, keys);
        });
        server.start();
    }

    public static TestIdentityProvider start() {
        try {
            return new TestIdentityProvider(
                    HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Location", issuer() + "/elsewhere");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    public String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What a gateway has to be told to take its tokens. */
    public Map<String, String> settings() {
        return Map.of(
                "GATEWAY_OIDC_ISSUER",
                issuer(),
                "GATEWAY_OIDC_AUDIENCE",
                AUDIENCE,
                "GATEWAY_OIDC_REFRESH_PAUSE",
                "PT0.1S",
                // A limit that a busy machine would reach.
                "GATEWAY_OIDC_TIMEOUT",
                "PT30S");
    }

    /** From now on it answers with this status; with 200, it is well again. */
    public void answerWith(int status) {
        this.status = status;
    }

    /** From now on these are its keys. */
    public void publish(String keys) {
        this.keys = keys;
    }

    /** From now on this is what it says of itself. */
    public void discover(String discovery) {
        this.discovery = discovery;
    }

    /** Signs with another key from now on, and publishes it in place of the old one. */
    public void rotate() {
        signing = ec("ec-" + generation.incrementAndGet());
        keys = new JWKSet(List.of(signing, RSA)).toString();
    }

    /** How often its keys were asked for. */
    public int fetches() {
        return fetches.get();
    }

    /** The key that it signs with now. */
    public ECKey signingKey() {
        return signing;
    }

    /** What a good token says: of this namespace, with these scopes. */
    public JWTClaimsSet.Builder claims(String namespace, String scope) {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(issuer())
                .audience(AUDIENCE)
                .subject("billing")
                .claim("namespace", namespace)
                .claim("scope", scope)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)));
    }

    /** A good token. */
    public String token(String namespace, String scope) {
        return token(claims(namespace, scope).build());
    }

    /** A token that says this. */
    public String token(JWTClaimsSet claims) {
        return sign(header(signing).build(), claims, signing);
    }

    /** The header of a token that is signed with this key. */
    public static JWSHeader.Builder header(ECKey key) {
        return new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).type(JOSEObjectType.JWT);
    }

    /** A token signed with RSA. */
    public String rsaToken(JWSAlgorithm algorithm, JWTClaimsSet claims) {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(algorithm).keyID(RSA.getKeyID()).build(), claims);
            token.sign(new RSASSASigner(RSA));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Signs anything with any key. */
    public static String sign(JWSHeader header, JWTClaimsSet claims, ECKey key) {
        try {
            SignedJWT token = new SignedJWT(header, claims);
            token.sign(new ECDSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public static ECKey ec(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public static RSAKey rsa(int bits, String id) {
        try {
            return new RSAKeyGenerator(bits, true).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
