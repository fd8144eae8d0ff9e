package io.checkoutgateway.sandbox.http;

import io.checkoutgateway.sandbox.wire.StripeError;
import io.checkoutgateway.sandbox.world.Account;
import io.checkoutgateway.sandbox.world.World;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who calls: the secret key, its account, and the connected account it speaks for. */
public final class Credentials {
    /** Where every key belongs that does not name its account. */
    public static final String DEFAULT_ACCOUNT = "acct_1SandboxDefault0";

    private static final String CONNECTED_HEADER = "Stripe-Account";

    /** A real key carries its account: {@code sk_test_51} goes on with the account's id. */
    private static final Pattern KEY_WITH_ACCOUNT = Pattern.compile("[sr]k_test_51([A-Za-z0-9]{14,}).*");

    private static final int ACCOUNT_LENGTH = 14;
    private static final int SHOWN = 4;

    private final World world;
    private final Set<String> accepted;
    private final Map<String, String> accountsByKey;
    private final Set<String> presetConnected;
    private final Set<String> connected;
    private final Set<String> expired = new HashSet<>();
    private final Map<String, Set<String>> permissions = new HashMap<>();

    /**
     * The keys this sandbox knows.
     *
     * @param accepted empty to take any secret or restricted test key
     * @param accountsByKey the accounts of keys that do not carry their own
     * @param connected accounts any key may speak for, until they {@link #disconnect}
     */
    public Credentials(World world, List<String> accepted, Map<String, String> accountsByKey, Set<String> connected) {
        this.world = world;
        this.accepted = Set.copyOf(accepted);
        this.accountsByKey = Map.copyOf(accountsByKey);
        this.presetConnected = Set.copyOf(connected);
        this.connected = new HashSet<>(connected);
    }

    /** From now on any key may speak for this account. */
    public void connect(String account) {
        connected.add(account);
    }

    /** From now on no key may speak for this account; tells whether one could. */
    public boolean disconnect(String account) {
        return connected.remove(account);
    }

    /** The connections are those of the beginning again. */
    public void resetConnections() {
        connected.clear();
        connected.addAll(presetConnected);
    }

    /** From now on this key is refused as expired. */
    public void expire(String key) {
        expired.add(key);
    }

    /**
     * From now on this key may do only what is listed.
     *
     * @param allowed such as {@code checkout_session_write} or {@code customer_read}
     */
    public void restrict(String key, Set<String> allowed) {
        permissions.put(key, Set.copyOf(allowed));
    }

    /** The account a request acts on, or Stripe's 401 or 403. */
    Account admit(HttpServerRequest request) {
        String key = key(request).orElseThrow(Credentials::noKey);
        check(key);
        String header = request.getHeader(CONNECTED_HEADER);
        String own = accountOf(key);
        if (header == null || header.equals(own)) {
            return world.account(own);
        }
        if (!connected.contains(header)) {
            throw forbidden("The provided key '" + masked(key) + "' does not have access to account '" + header
                            + "' (or that account does not exist). Application access may have been revoked.")
                    .code("account_invalid");
        }
        return world.connected(header);
    }

    /** Refuses what a restricted key may not do. */
    void checkPermission(HttpServerRequest request, Account account, String resource) {
        boolean write = !request.method().name().equals("GET");
        check(request, account, resource.replace('.', '_') + (write ? "_write" : "_read"));
    }

    /** Refuses to show, inside of something else, what a restricted key may not read. */
    void checkReading(HttpServerRequest request, Account account, String resource) {
        check(request, account, resource.replace('.', '_') + "_read");
    }

    private void check(HttpServerRequest request, Account account, String needed) {
        Set<String> allowed = permissions.get(key(request).orElse(""));
        if (allowed != null && !allowed.contains(needed) && !allowed.contains(needed.replace("_read", "_write"))) {
            throw forbidden("The provided key '" + masked(key(request).orElse(""))
                    + "' does not have the required permissions for this endpoint on account '" + account.id()
                    + "'. Having the 'rak_" + needed + "' permission would allow this request to continue.");
        }
    }

    /** The account a key belongs to. */
    public String accountOf(String key) {
        Matcher carried = KEY_WITH_ACCOUNT.matcher(key);
        String fallback =
                carried.matches() ? "acct_1" + carried.group(1).substring(0, ACCOUNT_LENGTH) : DEFAULT_ACCOUNT;
        return accountsByKey.getOrDefault(key, fallback);
    }

    private void check(String key) {
        if (key.startsWith("pk_")) {
            throw unauthorized("This API call cannot be made with a publishable API key. Please use a secret API key. "
                            + "You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.")
                    .code("secret_key_required");
        }
        if (expired.contains(key)) {
            throw unauthorized("Expired API Key provided: " + masked(key)).code("api_key_expired");
        }
        boolean testKey = key.startsWith("sk_test_") || key.startsWith("rk_test_");
        if (accepted.isEmpty() ? !testKey : !accepted.contains(key)) {
            throw unauthorized("Invalid API Key provided: " + masked(key));
        }
    }

    private static Optional<String> key(HttpServerRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null) {
            return Optional.empty();
        }
        String[] parts = header.trim().split("\\s+", 2);
        if (parts.length == 2 && parts[0].equalsIgnoreCase("Bearer")) {
            return Optional.of(parts[1]);
        }
        if (parts.length == 2 && parts[0].equalsIgnoreCase("Basic")) {
            return user(parts[1]);
        }
        return Optional.empty();
    }

    private static Optional<String> user(String basic) {
        try {
            String pair = new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return Optional.of(colon < 0 ? pair : pair.substring(0, colon)).filter(user -> !user.isEmpty());
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** {@code sk_test_****1234}: enough to tell keys apart, too little to use one. */
    private static String masked(String key) {
        int prefix = key.matches("[a-z]+_(test|live)_.*") ? key.indexOf('_', 3) + 1 : 0;
        int hidden = Math.max(key.length() - prefix - SHOWN, 0);
        return key.substring(0, prefix) + "*".repeat(hidden) + key.substring(prefix + hidden);
    }

    private static StripeError noKey() {
        return unauthorized("You did not provide an API key. You need to provide your API key in the Authorization "
                + "header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See "
                + "https://stripe.com/docs/api#authentication for details, or we can help at "
                + "https://support.stripe.com/.");
    }

    private static StripeError unauthorized(String message) {
        return StripeError.of(401, "invalid_request_error", message)
                .beforeExecution()
                .header("WWW-Authenticate", "Basic realm=\"Stripe\"");
    }

    private static StripeError forbidden(String message) {
        return StripeError.of(403, "invalid_request_error", message).beforeExecution();
    }
}
