package io.checkoutgateway.checkout;

import io.checkoutgateway.apps.RedirectHosts;
import io.checkoutgateway.failure.InvalidParameter;
import io.checkoutgateway.settings.HostName;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where browsers may be sent. A URL is taken when a browser (WHATWG, "URL Standard") and {@link URI} (RFC 3986) read the
 * same host in it, and that host is one that the app allows; what the two could read differently is refused, whoever
 * would be right. The gateway itself never fetches these URLs.
 */
public final class RedirectUrls {
    /** As long as Stripe takes them. (Stripe, "Create a Checkout Session", success_url.) */
    static final int LENGTH_MAX = 5_000;

    /** What Stripe replaces by the session's id. (Stripe, "Customize the success page".) */
    static final String SESSION_ID = "{CHECKOUT_SESSION_ID}";

    /** Takes the place of {@link #SESSION_ID} while the URL is read. */
    private static final String ANY_SESSION_ID = "cs";

    private static final int PORT_MAX = 65_535;

    /** Scheme, authority up to the first of {@code / ? #}, port, and the rest. */
    private static final Pattern SHAPE =
            Pattern.compile("(https?)://([^/?#:\\[]+|\\[[^/?#]*])(?::([1-9][0-9]{0,4}))?([/?#].*)?");

    /** RFC 3986's characters without brackets. */
    private static final Pattern REST = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=:@/?#%-]*+");

    private static final Pattern LONE_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private static final Pattern VISIBLE_ASCII = Pattern.compile("[!-~]*+");

    /** What developers' own browsers call their own machine, as they would write it. */
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    private RedirectUrls() {}

    /**
     * Checks one URL of a request.
     *
     * @param field the caller's name of it, such as {@code stripe_options.success_url}
     * @param url what the caller gave; {@code null}, which breaks no rule, when nothing
     * @param livemode whether the app moves real money: browsers are not sent to anyone's own machine then
     * @param hosts where the app allows browsers to be sent
     * @param broken takes the mistake, if there is one
     */
    public static void check(
            String field, @Nullable String url, boolean livemode, RedirectHosts hosts, List<InvalidParameter> broken) {
        String mistake = url == null ? null : mistakeOf(url, livemode, hosts);
        if (mistake != null) {
            broken.add(InvalidParameter.inBody(field, "url", mistake));
        }
    }

    /** What is wrong with the URL, as words that read well after the field's name; {@code null} when nothing is. */
    static @Nullable String mistakeOf(String url, boolean livemode, RedirectHosts hosts) {
        if (url.length() > LENGTH_MAX) {
            return "must have at most " + LENGTH_MAX + " characters";
        }
        if (!VISIBLE_ASCII.matcher(url).matches()) {
            return "must be written in ASCII: spaces and other characters percent-encoded, an international host as xn--…";
        }
        String read = url.replace(SESSION_ID, ANY_SESSION_ID);
        Matcher shape = SHAPE.matcher(read);
        if (!shape.matches()) {
            return mistakeOfShape(read);
        }
        if (read.indexOf('{') >= 0 || read.indexOf('}') >= 0) {
            return "must not hold a placeholder other than " + SESSION_ID;
        }
        String rest = shape.group(4);
        if (rest != null
                && (!REST.matcher(rest).matches() || LONE_PERCENT.matcher(rest).find())) {
            return "must be a URL; spaces and special characters must be percent-encoded";
        }
        if (shape.group(3) != null && Integer.parseInt(shape.group(3)) > PORT_MAX) {
            return "must have a port of at most " + PORT_MAX;
        }
        // The placeholder would have become part of the name.
        String host = url.startsWith(shape.group(1) + "://" + shape.group(2)) ? shape.group(2) : "";
        String mistake = mistakeOfHost(shape.group(1), host, livemode, hosts);
        return mistake == null && !readsTheSame(read, shape)
                ? "must be a URL that every browser reads the same"
                : mistake;
    }

    private static String mistakeOfShape(String url) {
        if (!url.startsWith("https://") && !url.startsWith("http://")) {
            return "must begin with https:// (http:// is taken for localhost in test mode)";
        }
        String authority = url.substring(url.indexOf("//") + 2).split("[/?#\\\\]", 2)[0];
        return authority.contains("@")
                ? "must not carry a user name or password"
                : "must be an absolute URL with a host and, if any, a port from 1 to " + PORT_MAX;
    }

    private static @Nullable String mistakeOfHost(String scheme, String host, boolean livemode, RedirectHosts hosts) {
        if (!livemode && THIS_MACHINE.contains(host)) {
            return null;
        }
        if (host.contains("@")) {
            return "must not carry a user name or password";
        }
        if (!scheme.equals("https")) {
            return "must begin with https:// (http:// is taken for localhost in test mode)";
        }
        if (!HostName.isValid(host)) {
            return "must have a host that is a full domain name, no address, without a dot at its end";
        }
        if (hosts.isEmpty()) {
            return HostName.isPublic(host) ? null : "must lead to a public host";
        }
        return hosts.allow(host) ? null : "must lead to one of the app's redirect hosts";
    }

    /** The second opinion: RFC 3986 as the JDK reads it. */
    private static boolean readsTheSame(String url, Matcher shape) {
        try {
            URI uri = new URI(url);
            int port = shape.group(3) == null ? -1 : Integer.parseInt(shape.group(3));
            return shape.group(1).equals(uri.getScheme())
                    && shape.group(2).equals(uri.getHost())
                    && uri.getRawUserInfo() == null
                    && uri.getPort() == port;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
