package io.checkoutgateway.outgoing;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Where an endpoint listens. A value of this type keeps the rules that the text alone can keep or break; where the host
 * leads is for {@link Destinations} to see.
 */
public final class EndpointUrl {
    /** The contract's name for it. */
    static final String FIELD = "url";

    /** As long as every server and proxy can take; the contract says the same. */
    private static final int LENGTH_MAX = 2048;

    private static final String HTTPS = "https";
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;
    private static final int PORT_MAX = 65_535;

    /** Below it lie services that are no receivers of webhooks, such as mail, and that may take a request for theirs. */
    private static final int FREE_PORTS = 1024;

    private final URI uri;

    private EndpointUrl(URI uri) {
        this.uri = uri;
    }

    /**
     * Reads a URL.
     *
     * @throws GatewayException with {@link io.checkoutgateway.failure.Reason#INVALID_REQUEST} and the broken rule
     */
    public static EndpointUrl of(String text) {
        URI uri = parsed(text);
        require(isHttp(uri) && uri.getHost() != null, "format", "must be an absolute https URL with a host in ASCII");
        require(uri.getRawUserInfo() == null, "userinfo", "must not hold a user or a password");
        require(uri.getRawFragment() == null, "fragment", "must not have a fragment, which no server sees");
        EndpointUrl url = new EndpointUrl(uri);
        int port = url.port();
        require(
                port == HTTPS_PORT || port == HTTP_PORT || (port >= FREE_PORTS && port <= PORT_MAX),
                "port",
                "must use port 443 or one from 1024 to 65535");
        return url;
    }

    private static URI parsed(String text) {
        require(text.length() <= LENGTH_MAX, "max_length", "must have at most " + LENGTH_MAX + " characters");
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw invalid("format", "must be a URL: special characters must be percent-encoded");
        }
    }

    private static boolean isHttp(URI uri) {
        return HTTPS.equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
    }

    /** A refusal that names the URL. */
    static GatewayException invalid(String rule, String reason) {
        return GatewayException.invalid(InvalidParameter.inBody(FIELD, rule, reason));
    }

    private static void require(boolean kept, String rule, String reason) {
        if (!kept) {
            throw invalid(rule, reason);
        }
    }

    boolean encrypted() {
        return HTTPS.equalsIgnoreCase(uri.getScheme());
    }

    /** As written; an IPv6 address without its brackets. */
    String host() {
        String host = uri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    int port() {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return encrypted() ? HTTPS_PORT : HTTP_PORT;
    }

    /** A POST to this URL, which goes wherever {@link RequestOptions#setServer} says. */
    RequestOptions post() {
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setSsl(encrypted())
                .setHost(host())
                .setPort(port())
                .setURI(uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery())
                .setFollowRedirects(false);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EndpointUrl url && uri.equals(url.uri);
    }

    @Override
    public int hashCode() {
        return uri.hashCode();
    }

    /** The URL as it was given. */
    @Override
    public String toString() {
        return uri.toString();
    }
}
