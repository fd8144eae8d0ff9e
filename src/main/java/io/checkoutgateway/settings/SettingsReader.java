package io.checkoutgateway.settings;

import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns text into {@link Settings}. Reading goes on after a mistake, so that the operator sees them all at once; what
 * is read is also what is documented, since the catalogue is collected on the way.
 */
final class SettingsReader {
    private static final Pattern STRIPE_KEY = Pattern.compile("[sr]k_(test|live)_[A-Za-z0-9_]{4,}");
    private static final Pattern SIGNING_SECRET = Pattern.compile("whsec_[A-Za-z0-9_+/=-]{4,}");

    /** 32 bytes in base64: 43 digits, the last of which carries four bits, and the padding. */
    private static final Pattern SECRETS_KEY = Pattern.compile("[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=");

    private static final Pattern ACCOUNT = Pattern.compile("acct_[A-Za-z0-9]{1,60}");
    private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    /** Names that the demo writes for its callers' shells: known, and of no meaning to the gateway. */
    private static final Set<String> FOR_CALLERS =
            Set.of("GATEWAY_URL", "GATEWAY_MANAGEMENT_URL", "GATEWAY_API_KEY", "GATEWAY_CUSTOMER_ID", "GATEWAY_APP_ID");

    private final Sources sources;
    private final List<Setting> catalogue = new ArrayList<>();
    private final List<String> mistakes = new ArrayList<>();

    SettingsReader(Sources sources) {
        this.sources = sources;
    }

    Settings read() {
        Settings settings = readAll();
        checkLease(settings);
        checkHeartbeat(settings);
        refuseUnknown();
        if (!mistakes.isEmpty()) {
            throw new SettingsException(mistakes);
        }
        return settings;
    }

    /** A create makes two calls, for the customer and for the session; the lease must not end in the middle. */
    private void checkLease(Settings settings) {
        Duration lease = settings.checkout().lease();
        Duration deadline = settings.stripe().deadline();
        if (lease.compareTo(deadline.multipliedBy(2)) <= 0) {
            mistakes.add("GATEWAY_CREATE_LEASE must be longer than twice STRIPE_DEADLINE, was %s and %s"
                    .formatted(lease, deadline));
        }
    }

    /** A stream that is silent for longer than the server waits would be cut each time. */
    private void checkHeartbeat(Settings settings) {
        Duration heartbeat = settings.feed().heartbeat();
        Duration idle = settings.http().idleTimeout();
        if (heartbeat.compareTo(idle) >= 0) {
            mistakes.add("GATEWAY_STREAM_HEARTBEAT must be shorter than GATEWAY_IDLE_TIMEOUT, was %s and %s"
                    .formatted(heartbeat, idle));
        }
    }

    List<Setting> catalogue() {
        Settings ignored = readAll();
        return List.copyOf(catalogue);
    }

    private Settings readAll() {
        catalogue.clear();
        describe(
                Sources.CONFIG_FILE,
                null,
                false,
                false,
                "A properties file with any of these names; the environment wins over it.");
        return new Settings(
                http(),
                management(),
                database(),
                secretKeys(),
                stripe(),
                checkout(),
                apps(),
                events(),
                mirror(),
                feed(),
                outgoing(),
                new CallerReader(this).oidc(),
                new CallerReader(this).rates());
    }

    private HttpSettings http() {
        return new HttpSettings(
                text("GATEWAY_HTTP_HOST", "0.0.0.0", "The address that the API listens on."),
                number("GATEWAY_HTTP_PORT", 8080, 0, 65_535, "The API's port; 0 takes any free one."),
                number(
                        "GATEWAY_EVENT_LOOPS",
                        Math.max(1, Runtime.getRuntime().availableProcessors()),
                        1,
                        64,
                        "How many event loops serve the API; the preset is the number of processors."),
                number(
                        "GATEWAY_CONNECTIONS_MAX",
                        4_000,
                        10,
                        1_000_000,
                        "Connections to the API that one process serves, streams included; one more is closed at once. Each may hold 80 KB."),
                number(
                        "GATEWAY_BODY_MAX_BYTES",
                        65_536,
                        1_024,
                        1_048_576,
                        "The largest request body. The largest legal create is about 40 KB."),
                number(
                        "GATEWAY_WEBHOOK_BODY_MAX_BYTES",
                        1_048_576,
                        65_536,
                        8_388_608,
                        "The largest webhook body. Stripe's events are 3 to 100 KB; more is refused with 413."),
                duration(
                        "GATEWAY_BODY_TIMEOUT",
                        "PT10S",
                        "PT1S",
                        "PT2M",
                        "How long a request may take to arrive whole; a slower one is answered 408."),
                duration(
                        "GATEWAY_IDLE_TIMEOUT",
                        "PT75S",
                        "PT5S",
                        "PT1H",
                        "After how long a silent connection is closed; longer than the 60 s of common load balancers."),
                duration(
                        "GATEWAY_SHUTDOWN_GRACE",
                        "PT25S",
                        "PT0S",
                        "PT5M",
                        "How long requests under way may take to finish when the process is asked to stop."));
    }

    private ManagementSettings management() {
        return new ManagementSettings(
                text("GATEWAY_MANAGEMENT_HOST", "0.0.0.0", "The address that probes and metrics listen on."),
                number(
                        "GATEWAY_MANAGEMENT_PORT",
                        8081,
                        0,
                        65_535,
                        "The port of probes and metrics; 0 takes any free one."));
    }

    private DatabaseSettings database() {
        String url = required(
                "DATABASE_URL",
                true,
                "Postgres: postgresql://user:password@host:5432/database, optionally ?sslmode=verify-full.",
                SettingsReader::databaseMistake);
        return new DatabaseSettings(
                Secret.of(url),
                migrationUrl(),
                rootCertificate(url),
                matching(
                        "DATABASE_SCHEMA",
                        "checkout_gateway",
                        SCHEMA,
                        "a lower-case name of up to 63 characters",
                        "The schema of the gateway's tables; made when it is missing."),
                number(
                        "DATABASE_POOL_SIZE",
                        16,
                        1,
                        200,
                        "Connections of one process; replicas × this stays below Postgres' max_connections."),
                number(
                        "DATABASE_POOL_QUEUE",
                        512,
                        0,
                        100_000,
                        "Operations that may wait for a connection; one more is answered 503."),
                duration(
                        "DATABASE_CONNECT_TIMEOUT",
                        "PT5S",
                        "PT0.1S",
                        "PT1M",
                        "How long opening a connection, or waiting for a free one, may take."),
                duration(
                        "DATABASE_STATEMENT_TIMEOUT",
                        "PT10S",
                        "PT0.1S",
                        "PT5M",
                        "After how long Postgres gives up on a statement."),
                flag(
                        "DATABASE_MIGRATE",
                        true,
                        "Whether migrations run at start; false where a job of its own does it."));
    }

    private @Nullable Secret migrationUrl() {
        String name = "DATABASE_MIGRATION_URL";
        describe(
                name,
                null,
                false,
                true,
                "The same database by the role that owns the tables, for migrations; DATABASE_URL's role then gets what "
                        + "serving needs and no more.");
        Optional<String> value = value(name);
        value.map(SettingsReader::databaseMistake).ifPresent(mistake -> mistakes.add(name + " " + mistake));
        return value.map(Secret::of).orElse(null);
    }

    /** Without it, a check of the certificate has nothing to check against. */
    private @Nullable Path rootCertificate(String url) {
        String name = "DATABASE_SSL_ROOT_CERT";
        describe(name, null, false, false, "A PEM file of the authorities that may have signed Postgres' certificate.");
        Optional<Path> file = value(name).map(Path::of);
        file.filter(path -> !Files.isReadable(path))
                .ifPresent(path -> mistakes.add("%s names %s, which cannot be read".formatted(name, path)));
        if (file.isEmpty() && url.contains("sslmode=verify-")) {
            mistakes.add(name + " is required when DATABASE_URL says sslmode=verify-ca or verify-full");
        }
        return file.orElse(null);
    }

    private SecretsSettings secretKeys() {
        String name = "GATEWAY_SECRETS_KEY";
        describe(
                name,
                null,
                false,
                true,
                "What secrets in the database are sealed under, as `gateway secrets generate-key` prints it; serve needs "
                        + "it. Several separated by commas while one replaces the other: the first seals, all open.");
        List<String> keys = listed(name);
        if (!keys.stream().allMatch(key -> SECRETS_KEY.matcher(key).matches())) {
            mistakes.add(name + " must be 32 random bytes in base64, or several such, separated by commas");
        }
        return new SecretsSettings(keys.stream().map(Secret::of).toList());
    }

    private StripeSettings stripe() {
        return new StripeSettings(
                stripeKey(),
                secrets(
                        "STRIPE_WEBHOOK_SECRET",
                        "The endpoint's signing secret, whsec_…; two separated by a comma while one replaces the other. "
                                + "Without it every delivery is refused."),
                optional(
                        "STRIPE_ACCOUNT_ID",
                        ACCOUNT,
                        "an id like acct_…",
                        "The account of the key; asked of Stripe when it is not given."),
                url("STRIPE_API_BASE", "https://api.stripe.com", "Stripe's API, or a stand-in that speaks like it."),
                number(
                        "STRIPE_WORKERS",
                        32,
                        1,
                        200,
                        "Stripe calls under way at once. 25 a second of up to 1 s each keep 25 busy (Little's law)."),
                number(
                        "STRIPE_QUEUE",
                        128,
                        0,
                        10_000,
                        "Stripe calls that may wait for a worker; one more is answered 503 at once."),
                number("STRIPE_RETRIES", 2, 0, 5, "How often a Stripe call is repeated after the first try."),
                duration("STRIPE_CONNECT_TIMEOUT", "PT2S", "PT0.1S", "PT30S", "How long one try may take to connect."),
                duration(
                        "STRIPE_READ_TIMEOUT",
                        "PT15S",
                        "PT0.1S",
                        "PT80S",
                        "How long one try may wait for Stripe's answer."),
                duration(
                        "STRIPE_DEADLINE",
                        "PT25S",
                        "PT0.1S",
                        "PT2M",
                        "How long a Stripe call may take in all, waits and retries included."),
                number(
                        "STRIPE_REQUESTS_PER_SECOND",
                        20,
                        1,
                        10_000,
                        "The most calls a second of one process to one account. Stripe allows the account 25 in test mode and 100 live, "
                                + "whoever makes them: divide by the replicas."),
                number(
                        "STRIPE_OPERATION_REQUESTS_PER_SECOND",
                        20,
                        1,
                        10_000,
                        "The most calls a second of one kind. Stripe allows 25 for each operation."),
                number(
                        "STRIPE_BACKGROUND_REQUESTS_PER_SECOND",
                        5,
                        1,
                        1_000,
                        "The most calls a second that nobody waits for (catch-up, backfill), out of the account's; they give way."));
    }

    private @Nullable Secret stripeKey() {
        String name = "STRIPE_API_KEY";
        describe(
                name,
                null,
                false,
                true,
                "The secret or restricted key of a Stripe account, sk_… or rk_…, that serves GATEWAY_NAMESPACE; without it, "
                        + "accounts are connected over the API only.");
        Optional<String> key = value(name);
        if (key.filter(value -> !STRIPE_KEY.matcher(value).matches()).isPresent()) {
            mistakes.add(name + " must look like sk_test_…, sk_live_…, rk_test_… or rk_live_…");
        }
        return key.map(Secret::of).orElse(null);
    }

    private CheckoutSettings checkout() {
        return new CheckoutSettings(
                matching(
                        "GATEWAY_NAMESPACE",
                        "default",
                        Namespace.FORM,
                        Namespace.RULE,
                        "The namespace that owns the configured Stripe account."),
                duration(
                        "GATEWAY_CREATE_LEASE",
                        "PT60S",
                        "PT1S",
                        "PT10M",
                        "How long one process may work at a create before another takes it over; longer than twice STRIPE_DEADLINE."),
                duration(
                        "GATEWAY_RECONCILE_INTERVAL",
                        "PT5S",
                        "PT0.1S",
                        "PT10M",
                        "How often creates that nobody finished are looked for."),
                duration(
                        "GATEWAY_IDEMPOTENCY_RETENTION",
                        "P7D",
                        "P1D",
                        "P90D",
                        "How long an answer stays available under its Idempotency-Key; Stripe promises 24 h."),
                hosts(
                        "GATEWAY_REDIRECT_HOSTS",
                        "Hosts that the configured account's customers may be sent to: shop.example.com,*.example.com. "
                                + "Without it the app's owner decides, and every public host is taken at first."));
    }

    private AppSettings apps() {
        return new AppSettings(
                publicUrl(),
                flag(
                        "GATEWAY_WEBHOOK_REGISTRATION",
                        true,
                        "Whether installing an app registers its webhook endpoint at Stripe. Where it is false, as beside stripe "
                                + "listen, deliveries are signed with STRIPE_WEBHOOK_SECRET."),
                optionalUrl(
                        "GATEWAY_SANDBOX_API_BASE",
                        "The stand-in of Stripe that apps of type sandbox work against; without it there are none."),
                duration(
                        "GATEWAY_APPS_INTERVAL",
                        "PT10S",
                        "PT0.1S",
                        "PT10M",
                        "How often installs and removals of apps that nobody finished are looked for."));
    }

    /** Stripe delivers to https only; to this machine nobody but a stand-in does. */
    private @Nullable URI publicUrl() {
        String name = "GATEWAY_PUBLIC_URL";
        URI url = optionalUrl(
                name,
                "Where Stripe reaches the API, such as https://checkout.acme.example; apps cannot be installed without it.");
        boolean plain = url != null
                && "http".equals(url.getScheme())
                && !url.getHost().equals("localhost")
                && !url.getHost().startsWith("127.");
        if (url != null && (plain || url.getQuery() != null || url.getFragment() != null)) {
            mistakes.add(name + " must be an https URL without query and fragment, was \"" + url + "\"");
        }
        return url;
    }

    private EventSettings events() {
        return new EventSettings(
                duration(
                        "GATEWAY_WEBHOOK_TOLERANCE",
                        "PT5M",
                        "PT10S",
                        "PT1H",
                        "How far a delivery's time stamp may be from now, in both directions; 300 s as Stripe's libraries."),
                duration(
                        "GATEWAY_EVENTS_INTERVAL",
                        "PT1S",
                        "PT0.05S",
                        "PT5M",
                        "How often the inbox is looked at when nothing announced an event."),
                number("GATEWAY_EVENTS_BATCH", 100, 1, 1_000, "How many events one look at the inbox takes at most."),
                number(
                        "GATEWAY_EVENTS_ATTEMPTS",
                        10,
                        1,
                        100,
                        "How often an event is tried before it is set aside with its reason."),
                duration(
                        "GATEWAY_EVENTS_RETENTION",
                        "P90D",
                        "P31D",
                        "P3650D",
                        "How long applied and ignored events are kept; Stripe tells of an event for 30 days."),
                duration(
                        "GATEWAY_HISTORY_RETENTION",
                        "P730D",
                        "P31D",
                        "P36500D",
                        "How long the changes of a session are kept; the session itself stays."));
    }

    private MirrorSettings mirror() {
        return new MirrorSettings(
                duration(
                        "GATEWAY_CATCH_UP_INTERVAL",
                        "PT5M",
                        "PT10S",
                        "P1D",
                        "How often Stripe is asked for events that it could not deliver, and sessions are read that wait for news for too long."),
                duration(
                        "GATEWAY_DRIFT_GRACE",
                        "PT1M",
                        "PT0S",
                        "PT1H",
                        "How long a difference must last to be reported; events take a moment to arrive."));
    }

    private FeedSettings feed() {
        return new FeedSettings(
                duration(
                        "GATEWAY_FEED_INTERVAL",
                        "PT1S",
                        "PT0.01S",
                        "PT1M",
                        "How often changes that died before they were published are looked for; others are published at once."),
                duration(
                        "GATEWAY_FEED_RETENTION",
                        "P7D",
                        "PT1H",
                        "P90D",
                        "How long published changes are kept for readers that were away."),
                number(
                        "GATEWAY_STREAMS_MAX",
                        2_000,
                        1,
                        50_000,
                        "Streams of changes that one process serves; one more is answered 503. Each may hold up to 128 KB."),
                duration(
                        "GATEWAY_STREAM_HEARTBEAT",
                        "PT15S",
                        "PT0.1S",
                        "PT1M",
                        "How often a stream shows that it lives; shorter than GATEWAY_IDLE_TIMEOUT."),
                duration(
                        "GATEWAY_STREAM_AGE",
                        "PT1H",
                        "PT1S",
                        "P1D",
                        "After how long, more or less, a stream ends, so that its reader comes again with a valid key."));
    }

    private OutgoingSettings outgoing() {
        return new OutgoingSettings(
                networks(
                        "GATEWAY_OUTGOING_NETWORKS",
                        "Networks, beside the public ones, that webhook endpoints may lie in: 10.8.0.0/16,fd00::/8. With "
                                + "127.0.0.0/8 also http to this machine."),
                duration(
                        "GATEWAY_OUTGOING_INTERVAL",
                        "PT1S",
                        "PT0.05S",
                        "PT10M",
                        "How often news and due deliveries are looked for."),
                number(
                        "GATEWAY_OUTGOING_CONCURRENCY",
                        64,
                        2,
                        1_000,
                        "Webhooks that one process sends at once, at most 8 to one endpoint; a quarter is for endpoints that fail."),
                duration(
                        "GATEWAY_OUTGOING_TIMEOUT",
                        "PT15S",
                        "PT0.1S",
                        "PT30S",
                        "How long an endpoint may take to answer; 15 to 30 s as Standard Webhooks advises."),
                duration(
                        "GATEWAY_OUTGOING_DISABLE_AFTER",
                        "P5D",
                        "PT1H",
                        "P30D",
                        "How long an endpoint may fail without a success before it is disabled."),
                duration(
                        "GATEWAY_OUTGOING_RETENTION",
                        "P30D",
                        "P1D",
                        "P365D",
                        "How long settled deliveries can be looked at and repeated."));
    }

    private List<Network> networks(String name, String meaning) {
        describe(name, null, false, false, meaning);
        List<Network> networks = new ArrayList<>();
        for (String text : value(name).map(given -> given.split(",", -1)).orElse(new String[0])) {
            Network.of(text.strip())
                    .ifPresentOrElse(
                            networks::add,
                            () -> mistakes.add("%s must be networks like 10.8.0.0/16, separated by commas, was \"%s\""
                                    .formatted(name, text.strip())));
        }
        return networks;
    }

    private List<HostPattern> hosts(String name, String meaning) {
        describe(name, null, false, false, meaning);
        List<HostPattern> hosts = new ArrayList<>();
        for (String text : value(name).map(given -> given.split(",", -1)).orElse(new String[0])) {
            HostPattern.of(text.strip())
                    .ifPresentOrElse(
                            hosts::add,
                            () -> mistakes.add(
                                    "%s must be hosts like shop.example.com or *.example.com, separated by commas, was \"%s\""
                                            .formatted(name, text.strip())));
        }
        return hosts;
    }

    private String required(String name, boolean secret, String meaning, Function<String, @Nullable String> mistakeOf) {
        describe(name, null, true, secret, meaning);
        Optional<String> value = value(name);
        if (value.isEmpty()) {
            mistakes.add(name + " is required and was not given");
            return "";
        }
        String mistake = mistakeOf.apply(value.get());
        if (mistake != null) {
            mistakes.add(name + " " + mistake);
        }
        return value.get();
    }

    String text(String name, String preset, String meaning) {
        describe(name, preset, false, false, meaning);
        return value(name).orElse(preset);
    }

    String matching(String name, String preset, Pattern pattern, String rule, String meaning) {
        describe(name, preset, false, false, meaning);
        String value = value(name).orElse(preset);
        if (!pattern.matcher(value).matches()) {
            mistakes.add("%s must be %s, was \"%s\"".formatted(name, rule, value));
        }
        return value;
    }

    @Nullable
    String optional(String name, Pattern pattern, String rule, String meaning) {
        describe(name, null, false, false, meaning);
        Optional<String> value = value(name);
        value.filter(given -> !pattern.matcher(given).matches())
                .ifPresent(given -> mistakes.add("%s must be %s, was \"%s\"".formatted(name, rule, given)));
        return value.orElse(null);
    }

    int number(String name, int preset, int least, int most, String meaning) {
        describe(name, Integer.toString(preset), false, false, meaning);
        String value = value(name).orElse(Integer.toString(preset));
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, together with numbers out of range.
        }
        mistakes.add("%s must be a whole number between %d and %d, was \"%s\"".formatted(name, least, most, value));
        return preset;
    }

    Duration duration(String name, String preset, String least, String most, String meaning) {
        describe(name, preset, false, false, meaning);
        String value = value(name).orElse(preset);
        try {
            Duration duration = Duration.parse(value.toUpperCase(Locale.ROOT));
            if (duration.compareTo(Duration.parse(least)) >= 0 && duration.compareTo(Duration.parse(most)) <= 0) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            // Told below, together with durations out of range.
        }
        mistakes.add("%s must be an ISO 8601 duration between %s and %s, such as %s, was \"%s\""
                .formatted(name, least, most, preset, value));
        return Duration.parse(preset);
    }

    private boolean flag(String name, boolean preset, String meaning) {
        describe(name, Boolean.toString(preset), false, false, meaning);
        String value = value(name).orElse(Boolean.toString(preset));
        if (!value.equals("true") && !value.equals("false")) {
            mistakes.add("%s must be true or false, was \"%s\"".formatted(name, value));
        }
        return value.equals("true");
    }

    private URI url(String name, String preset, String meaning) {
        describe(name, preset, false, false, meaning);
        return absoluteUrl(name, value(name).orElse(preset)).orElse(URI.create(preset));
    }

    private @Nullable URI optionalUrl(String name, String meaning) {
        describe(name, null, false, false, meaning);
        return value(name).flatMap(given -> absoluteUrl(name, given)).orElse(null);
    }

    private Optional<URI> absoluteUrl(String name, String value) {
        try {
            URI uri = URI.create(value);
            if (("https".equals(uri.getScheme()) || "http".equals(uri.getScheme())) && uri.getHost() != null) {
                return Optional.of(uri);
            }
        } catch (IllegalArgumentException e) {
            // Told below, together with URLs of other schemes.
        }
        mistakes.add("%s must be an absolute http or https URL, was \"%s\"".formatted(name, value));
        return Optional.empty();
    }

    private List<Secret> secrets(String name, String meaning) {
        describe(name, null, false, true, meaning);
        List<String> values = listed(name);
        if (!values.stream().allMatch(value -> SIGNING_SECRET.matcher(value).matches())) {
            mistakes.add(name + " must be one or more secrets like whsec_…, separated by commas");
        }
        return values.stream().map(Secret::of).toList();
    }

    private List<String> listed(String name) {
        return value(name).map(given -> Arrays.asList(given.split(","))).orElse(List.of()).stream()
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
    }

    Optional<String> value(String name) {
        try {
            return sources.value(name);
        } catch (UncheckedIOException e) {
            mistakes.add("%s_FILE names a file that cannot be read: %s".formatted(name, e.getMessage()));
            return Optional.empty();
        }
    }

    /** Adds a mistake, a sentence that begins with the variable's name. */
    void refuse(String mistake) {
        mistakes.add(mistake);
    }

    void describe(String name, @Nullable String preset, boolean required, boolean secret, String meaning) {
        catalogue.add(new Setting(name, preset, required, secret, meaning));
    }

    private static @Nullable String databaseMistake(String value) {
        try {
            URI uri = URI.create(value);
            boolean complete = ("postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getPath() != null
                    && uri.getPath().length() > 1;
            return complete ? null : "must look like postgresql://user:password@host:5432/database";
        } catch (IllegalArgumentException e) {
            return "is not a URL: special characters of user and password must be percent-encoded";
        }
    }

    /** A misspelt name must not silently leave the preset in force. */
    private void refuseUnknown() {
        List<String> known = catalogue.stream()
                .flatMap(setting -> Stream.of(setting.name(), setting.name() + "_FILE"))
                .toList();
        for (String name : sources.names()) {
            if (known.contains(name) || FOR_CALLERS.contains(name)) {
                continue;
            }
            Optional<String> meant =
                    known.stream().filter(other -> Typos.near(name, other)).findFirst();
            if (name.startsWith("GATEWAY_") || meant.isPresent()) {
                mistakes.add(name + " is not a setting"
                        + meant.map(other -> "; did you mean " + other + "?").orElse(""));
            }
        }
    }
}
