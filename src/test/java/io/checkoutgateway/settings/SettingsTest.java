package io.checkoutgateway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.checkoutgateway.testing.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static final String DATABASE = "postgresql://gateway:hunter2@localhost:5432/gateway";
    private static final String KEY = "sk_test_canary";

    private static Map<String, String> values(String... more) {
        Map<String, String> values = new HashMap<>(Map.of("DATABASE_URL", DATABASE, "STRIPE_API_KEY", KEY));
        for (int i = 0; i < more.length; i += 2) {
            values.put(more[i], more[i + 1]);
        }
        return values;
    }

    private static List<String> mistakes(Map<String, String> values) {
        return catchThrowableOfType(SettingsException.class, () -> Settings.of(values))
                .mistakes();
    }

    @Test
    void of_onlyWhatIsRequired_isValid() {
        Settings settings = Settings.of(values());

        assertThat(settings.http().port()).isEqualTo(8080);
        assertThat(settings.stripe().livemode()).isFalse();
        assertThat(settings.stripe().webhookSecrets()).isEmpty();
        assertThat(settings.checkout().lease())
                .isGreaterThan(settings.stripe().deadline().multipliedBy(2));
    }

    @Test
    void of_severalMistakes_tellsThemAllAtOnce() {
        Map<String, String> values = Map.of(
                "GATEWAY_HTTP_PORT", "eighty",
                "STRIPE_WORKERS", "0",
                "STRIPE_DEADLINE", "25s",
                "GATEWAY_BODY_TIMEOT", "PT1S");

        assertThat(mistakes(values))
                .anySatisfy(line -> assertThat(line).isEqualTo("DATABASE_URL is required and was not given"))
                .anySatisfy(
                        line -> assertThat(line).contains("GATEWAY_HTTP_PORT", "between 0 and 65535", "was \"eighty\""))
                .anySatisfy(line -> assertThat(line).contains("STRIPE_WORKERS", "between 1 and 200", "was \"0\""))
                .anySatisfy(line -> assertThat(line).contains("STRIPE_DEADLINE", "ISO 8601", "such as PT25S"))
                .anySatisfy(line -> assertThat(line)
                        .contains("GATEWAY_BODY_TIMEOT is not a setting", "did you mean GATEWAY_BODY_TIMEOUT?"))
                .hasSize(5);
    }

    static Stream<Arguments> wrongValues() {
        return Stream.of(
                arguments("DATABASE_URL", "mysql://a@b/c"),
                arguments("DATABASE_URL", "postgresql://localhost"),
                arguments("DATABASE_URL", "postgresql://u:p w@localhost/db"),
                arguments("DATABASE_URL", "postgresql://localhost/db?sslmode=verify"),
                arguments("DATABASE_URL", "postgresql://localhost/db?sslmode=REQUIRE"),
                arguments("DATABASE_URL", "postgresql://localhost/db?sslmode="),
                arguments("DATABASE_URL", "postgresql://localhost/db?sslmode=disable&sslmode=require"),
                arguments("DATABASE_URL", "postgresql://localhost/db?sslmode=require&sslrootcert=/etc/ca.pem"),
                arguments("DATABASE_URL", "postgresql://localhost/db?ssl=true"),
                arguments("DATABASE_MIGRATION_URL", "postgresql://localhost/db?sslmode=on"),
                arguments("DATABASE_MIGRATION_URL", "postgresql://localhost/db?sslmode=verify-full&SSLMODE=disable"),
                arguments("DATABASE_MIGRATION_URL", "mysql://a@b/c"),
                arguments("DATABASE_SCHEMA", "Drop Table"),
                arguments("GATEWAY_SECRETS_KEY", "c2hvcnQ="),
                arguments("GATEWAY_SECRETS_KEY", "not base64"),
                arguments("DATABASE_MIGRATE", "yes"),
                arguments("STRIPE_API_KEY", "pk_test_1234"),
                arguments("STRIPE_API_BASE", "ftp://stripe"),
                arguments("STRIPE_API_BASE", "api.stripe.com"),
                arguments("STRIPE_WEBHOOK_SECRET", "whsec_good1,secret"),
                arguments("STRIPE_ACCOUNT_ID", "account"),
                arguments("GATEWAY_NAMESPACE", "Not A Name"),
                arguments("GATEWAY_PUBLIC_URL", "checkout.acme.example"),
                arguments("GATEWAY_PUBLIC_URL", "http://checkout.acme.example"),
                arguments("GATEWAY_PUBLIC_URL", "https://checkout.acme.example?tenant=1"),
                arguments("GATEWAY_SANDBOX_API_BASE", "ftp://sandbox"),
                arguments("GATEWAY_WEBHOOK_REGISTRATION", "no"),
                arguments("GATEWAY_HTTP_PORT", "65536"),
                arguments("GATEWAY_HTTP_PORT", "-1"),
                arguments("GATEWAY_OUTGOING_NETWORKS", "10.0.0.0"),
                arguments("GATEWAY_OUTGOING_NETWORKS", "127.0.0.0/8,10.0.0.0/33"),
                arguments("GATEWAY_OUTGOING_NETWORKS", "localhost/8"),
                arguments("GATEWAY_REDIRECT_HOSTS", "https://shop.example.com"),
                arguments("GATEWAY_REDIRECT_HOSTS", "shop.example.com,"),
                arguments("GATEWAY_REDIRECT_HOSTS", "*.com"),
                arguments("GATEWAY_REDIRECT_HOSTS", "*"),
                arguments("GATEWAY_REDIRECT_HOSTS", "127.0.0.1"),
                arguments("GATEWAY_OIDC_ISSUER", "http://login.example"),
                arguments("GATEWAY_OIDC_ISSUER", "login.example"),
                arguments("GATEWAY_OIDC_ISSUER", "https://user:password@login.example"),
                arguments("GATEWAY_OIDC_ISSUER", "https://login.example/#here"),
                arguments("GATEWAY_OIDC_JWKS_URL", "ftp://login.example/keys"),
                arguments("GATEWAY_OIDC_ALGORITHMS", "RS256,HS256"),
                arguments("GATEWAY_OIDC_ALGORITHMS", "none"),
                arguments("GATEWAY_OIDC_ALGORITHMS", "rs256"),
                arguments("GATEWAY_OIDC_LEEWAY", "PT6M"),
                arguments("GATEWAY_RATE_REQUESTS_PER_SECOND", "-1"),
                arguments("GATEWAY_RATE_REQUESTS_BURST", "0"),
                arguments("STRIPE_DEADLINE", "PT2M0.001S"),
                arguments("STRIPE_RETRIES", "6"),
                arguments("LOG_FORMAT", "jsonl"),
                arguments("LOG_LEVEL", "warning"),
                arguments("ACCESS_LOG_LEVEL", "ALL"));
    }

    @ParameterizedTest
    @MethodSource("wrongValues")
    void of_wrongValue_namesTheVariable(String name, String value) {
        assertThat(mistakes(values(name, value))).singleElement().asString().startsWith(name + " ");
    }

    @Test
    void of_leaseNotLongerThanTwoCalls_isRefused() {
        assertThat(mistakes(values("STRIPE_DEADLINE", "PT30S", "GATEWAY_CREATE_LEASE", "PT60S")))
                .singleElement()
                .asString()
                .contains("GATEWAY_CREATE_LEASE", "STRIPE_DEADLINE");
        assertThat(Settings.of(values("STRIPE_DEADLINE", "PT30S", "GATEWAY_CREATE_LEASE", "PT60.001S")))
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "DATABASE_URL, verify-ca",
        "DATABASE_URL, verify-full",
        "DATABASE_MIGRATION_URL, verify-ca",
        "DATABASE_MIGRATION_URL, verify-full"
    })
    void of_certificateToBeCheckedAgainstNothing_isRefused(String name, String mode) {
        assertThat(mistakes(values(name, DATABASE + "?sslmode=" + mode)))
                .containsExactly("DATABASE_SSL_ROOT_CERT is required where %s says sslmode=%s".formatted(name, mode));
        assertThat(Settings.of(values(name, DATABASE + "?sslmode=require"))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?sslmode=disable", "?sslmode=allow", "?sslmode=prefer"})
    void of_authoritiesWhereNoCertificateIsChecked_isRefused(String mode, @TempDir Path directory) {
        String authorities =
                TestCertificate.of("dns:localhost", directory).certificate().toString();
        Map<String, String> values = values(
                "DATABASE_URL", DATABASE + mode,
                "DATABASE_MIGRATION_URL", DATABASE + "?sslmode=verify-full",
                "DATABASE_SSL_ROOT_CERT", authorities);

        assertThat(mistakes(values))
                .singleElement()
                .asString()
                .startsWith("DATABASE_SSL_ROOT_CERT is of no use where DATABASE_URL says sslmode=");
    }

    @Test
    void of_fileWithoutCertificates_isRefused(@TempDir Path directory) throws IOException {
        Path none = directory.resolve("none.pem");
        Path text = Files.writeString(directory.resolve("text.pem"), "no certificate");
        Path broken = Files.writeString(
                directory.resolve("broken.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

        assertThat(mistakesOfAuthorities(none)).contains(none.toString(), "cannot be read");
        assertThat(mistakesOfAuthorities(directory)).contains("cannot be read");
        assertThat(mistakesOfAuthorities(text)).contains(text.toString(), "no certificate in PEM");
        assertThat(mistakesOfAuthorities(broken)).contains(broken.toString(), "no certificate in PEM");
    }

    private static String mistakesOfAuthorities(Path file) {
        return String.join(
                "\n",
                mistakes(values(
                        "DATABASE_URL", DATABASE + "?sslmode=verify-full", "DATABASE_SSL_ROOT_CERT", file.toString())));
    }

    @Test
    void sslMode_isWhatLibpqMakesOfIt(@TempDir Path directory) {
        String authorities =
                TestCertificate.of("dns:localhost", directory).certificate().toString();

        assertThat(Settings.of(values()).database().sslMode()).isEqualTo(SslMode.PREFER);
        assertThat(Settings.of(values("DATABASE_URL", DATABASE + "?connect_timeout=5&sslmode=require"))
                        .database()
                        .sslMode())
                .isEqualTo(SslMode.REQUIRE);
        assertThat(Settings.of(values(
                                "DATABASE_URL", DATABASE + "?sslmode=require", "DATABASE_SSL_ROOT_CERT", authorities))
                        .database()
                        .sslMode())
                .isEqualTo(SslMode.VERIFY_CA);
    }

    @Test
    void of_heartbeatSlowerThanTheServersPatience_isRefused() {
        assertThat(mistakes(values("GATEWAY_IDLE_TIMEOUT", "PT20S", "GATEWAY_STREAM_HEARTBEAT", "PT20S")))
                .singleElement()
                .asString()
                .contains("GATEWAY_STREAM_HEARTBEAT", "GATEWAY_IDLE_TIMEOUT");
        assertThat(Settings.of(values("GATEWAY_IDLE_TIMEOUT", "PT20S", "GATEWAY_STREAM_HEARTBEAT", "PT19.999S")))
                .isNotNull();
    }

    @Test
    void of_deliveriesForgottenBeforeTheFeed_isRefused() {
        assertThat(mistakes(values("GATEWAY_FEED_RETENTION", "P31D")))
                .singleElement()
                .asString()
                .contains("GATEWAY_OUTGOING_RETENTION", "GATEWAY_FEED_RETENTION");
        assertThat(Settings.of(values("GATEWAY_FEED_RETENTION", "P30D"))).isNotNull();
    }

    static Stream<Arguments> halves() {
        return Stream.of(
                arguments("GATEWAY_OIDC_ISSUER", "https://login.example", "GATEWAY_OIDC_AUDIENCE"),
                arguments("GATEWAY_OIDC_AUDIENCE", "gateway", "GATEWAY_OIDC_ISSUER"),
                arguments("GATEWAY_OIDC_JWKS_URL", "https://login.example/keys", "GATEWAY_OIDC_ISSUER"));
    }

    @ParameterizedTest
    @MethodSource("halves")
    void of_halfAnIssuer_saysWhatIsMissing(String given, String value, String missing) {
        assertThat(mistakes(values(given, value)))
                .singleElement()
                .asString()
                .startsWith(missing + " is required with " + given);
    }

    @Test
    void of_issuerAndAudience_isEnoughForTokens() {
        Settings settings =
                Settings.of(values("GATEWAY_OIDC_ISSUER", "https://login.example", "GATEWAY_OIDC_AUDIENCE", "gateway"));

        assertThat(settings.oidc()).isNotNull();
        assertThat(Settings.of(values()).oidc()).isNull();
    }

    @Test
    void of_wrongSecret_isNotRepeatedInTheMessage() {
        List<String> mistakes = mistakes(Map.of(
                "DATABASE_URL", "mysql://gateway:canary@localhost/gateway",
                "STRIPE_API_KEY", "canary",
                "STRIPE_WEBHOOK_SECRET", "canary"));

        assertThat(mistakes).hasSize(3).noneMatch(line -> line.contains("canary"));
    }

    @Test
    void toString_neverHoldsASecret() {
        Settings settings = Settings.of(values("STRIPE_WEBHOOK_SECRET", "whsec_canary"));

        assertThat(settings.toString()).contains("****").doesNotContain("canary", "hunter2");
    }

    @Test
    void of_twoWebhookSecrets_takesBoth() {
        assertThat(Settings.of(values("STRIPE_WEBHOOK_SECRET", "whsec_old1, whsec_new2"))
                        .stripe()
                        .webhookSecrets())
                .containsExactly(Secret.of("whsec_old1"), Secret.of("whsec_new2"));
    }

    @Test
    void of_fileVariable_readsTheFile(@TempDir Path directory) throws IOException {
        Path key = Files.writeString(directory.resolve("key"), "sk_live_from_file\n");
        Map<String, String> values = Map.of("DATABASE_URL", DATABASE, "STRIPE_API_KEY_FILE", key.toString());

        assertThat(Settings.of(values).stripe().livemode()).isTrue();
        assertThat(mistakes(Map.of(
                        "DATABASE_URL",
                        DATABASE,
                        "STRIPE_API_KEY_FILE",
                        directory.resolve("none").toString())))
                .anySatisfy(line -> assertThat(line).contains("STRIPE_API_KEY_FILE", "cannot be read"));
    }

    @Test
    void of_configurationFile_losesAgainstValues(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(
                directory.resolve("gateway.properties"),
                "STRIPE_WORKERS=7\nSTRIPE_QUEUE=9\nDATABASE_URL=" + DATABASE + "\nSTRIPE_API_KEY=" + KEY + "\n");

        StripeSettings stripe = Settings.of(Map.of("GATEWAY_CONFIG_FILE", file.toString(), "STRIPE_QUEUE", "5"))
                .stripe();

        assertThat(stripe.workers()).isEqualTo(7);
        assertThat(stripe.queue()).isEqualTo(5);
        assertThat(mistakes(values("GATEWAY_CONFIG_FILE", "/nowhere")))
                .singleElement()
                .asString()
                .contains("/nowhere");
    }

    @Test
    void fromEnvironment_systemProperties_areRead() {
        Map<String, String> given = values("GATEWAY_SHUTDOWN_GRACE", "PT1S");
        given.forEach(System::setProperty);
        try {
            assertThat(Settings.fromEnvironment().http().shutdownGrace()).isEqualTo(Duration.ofSeconds(1));
        } finally {
            given.keySet().forEach(System::clearProperty);
        }
    }

    @Test
    void of_namesOfOthers_areLeftAlone() {
        assertThat(Settings.of(values("PATH", "/bin", "STRIPE_CLI_VERSION", "1", "GATEWAY_API_KEY", "for the caller")))
                .isNotNull();
        assertThat(mistakes(values("GATEWAY_WHATEVER", "1"))).containsExactly("GATEWAY_WHATEVER is not a setting");
    }

    /** What is meant for the gateway and what Kubernetes, Docker, hosting platforms and Stripe's command line set. */
    @ParameterizedTest
    @CsvSource({
        "DATABASE_POOL_MAX,50,true",
        "DATABASE_MIGRATE_URL,postgresql://owner@db/gateway,true",
        "STRIPE_RATE,5,true",
        "STRIPE_SECRET_KEY,sk_test_1,true",
        "GATEWAY_PORT,8080,true",
        "GATEWY_HTTP_PORT,8080,true",
        "GATEWAY_PORT,tcp://10.96.0.7:8080,false",
        "GATEWAY_SERVICE_HOST,10.96.0.7,false",
        "GATEWAY_SERVICE_PORT_HTTP,8080,false",
        "DATABASE_PORT,tcp://10.96.0.7:5432,false",
        "DATABASE_PORT_5432_TCP_ADDR,10.96.0.7,false",
        "DATABASE_ENV_POSTGRES_PASSWORD,secret,false",
        "STRIPE_MOCK_PORT,tcp://10.96.0.7:12111,false",
        "DATABASE_PASSWORD,hunter2,false",
        "DATABASE_PRIVATE_URL,postgresql://db.internal/gateway,false",
        "STRIPE_PUBLISHABLE_KEY,pk_test_1,false",
        "STRIPE_SANDBOX_PORT,12112,false",
        "BLOG_LEVEL,5,false",
        "HOME,/home,false"
    })
    void of_unknownName_isRefusedUnlessOthersSetIt(String name, String value, boolean refused) {
        if (refused) {
            assertThat(mistakes(values(name, value))).singleElement().asString().startsWith(name + " is not a setting");
        } else {
            assertThat(Settings.of(values(name, value))).isNotNull();
        }
    }

    @Test
    void of_unknownNameInTheFile_isRefusedWhateverItIs(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(
                directory.resolve("gateway.properties"),
                "DATABASE_PASSWORD=hunter2\nLOG_LEVL=INFO\nstripe.workers=7\n");

        assertThat(mistakes(values("GATEWAY_CONFIG_FILE", file.toString())))
                .containsExactlyInAnyOrder(
                        "DATABASE_PASSWORD is not a setting",
                        "LOG_LEVL is not a setting; did you mean LOG_LEVEL?",
                        "stripe.workers is not a setting");
    }

    @Test
    void fromEnvironment_systemPropertyAndFile_thePropertyWins(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("gateway.properties"), "GATEWAY_SHUTDOWN_GRACE=PT2S\n");
        Map<String, String> given =
                values("GATEWAY_SHUTDOWN_GRACE", "PT1S", "GATEWAY_CONFIG_FILE", file.toString(), "LOG_FORMAT", "TEXT");
        given.forEach(System::setProperty);
        try {
            Settings settings = Settings.fromEnvironment();

            assertThat(settings.http().shutdownGrace()).isEqualTo(Duration.ofSeconds(1));
            assertThat(settings.log()).isEqualTo(new LogSettings("text", "INFO", "INFO"));
        } finally {
            given.keySet().forEach(System::clearProperty);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "sk_test_none,25,0",
        "sk_test_none,26,25",
        "rk_test_none,30,25",
        "sk_live_none,100,0",
        "sk_live_none,101,100"
    })
    void exceededRate_moreThanStripeAllowsAnAccountOfTheKeysMode_isWhatItAllows(String key, String rate, int allowed) {
        Map<String, String> asked =
                Map.of("DATABASE_URL", DATABASE, "STRIPE_API_KEY", key, "STRIPE_REQUESTS_PER_SECOND", rate);
        Map<String, String> ofAStandIn = new HashMap<>(asked);
        ofAStandIn.put("STRIPE_API_BASE", "http://127.0.0.1:12111");

        assertThat(Settings.of(asked).stripe().exceededRate().orElse(0)).isEqualTo(allowed);
        assertThat(Settings.of(ofAStandIn).stripe().exceededRate()).isEmpty();
    }

    /** A setting is a promise: adding or losing one is done here too, on purpose. */
    @Test
    void catalogue_isThisList() {
        assertThat(Settings.catalogue())
                .extracting(Setting::name)
                .containsExactly(
                        "GATEWAY_CONFIG_FILE",
                        "GATEWAY_HTTP_HOST",
                        "GATEWAY_HTTP_PORT",
                        "GATEWAY_EVENT_LOOPS",
                        "GATEWAY_CONNECTIONS_MAX",
                        "GATEWAY_BODY_MAX_BYTES",
                        "GATEWAY_WEBHOOK_BODY_MAX_BYTES",
                        "GATEWAY_BODY_TIMEOUT",
                        "GATEWAY_IDLE_TIMEOUT",
                        "GATEWAY_SHUTDOWN_GRACE",
                        "GATEWAY_MANAGEMENT_HOST",
                        "GATEWAY_MANAGEMENT_PORT",
                        "DATABASE_URL",
                        "DATABASE_MIGRATION_URL",
                        "DATABASE_SSL_ROOT_CERT",
                        "DATABASE_SCHEMA",
                        "DATABASE_POOL_SIZE",
                        "DATABASE_POOL_QUEUE",
                        "DATABASE_CONNECT_TIMEOUT",
                        "DATABASE_STATEMENT_TIMEOUT",
                        "DATABASE_MIGRATE",
                        "GATEWAY_SECRETS_KEY",
                        "STRIPE_API_KEY",
                        "STRIPE_WEBHOOK_SECRET",
                        "STRIPE_ACCOUNT_ID",
                        "STRIPE_API_BASE",
                        "STRIPE_WORKERS",
                        "STRIPE_QUEUE",
                        "STRIPE_RETRIES",
                        "STRIPE_CONNECT_TIMEOUT",
                        "STRIPE_READ_TIMEOUT",
                        "STRIPE_DEADLINE",
                        "STRIPE_REQUESTS_PER_SECOND",
                        "STRIPE_OPERATION_REQUESTS_PER_SECOND",
                        "STRIPE_BACKGROUND_REQUESTS_PER_SECOND",
                        "GATEWAY_NAMESPACE",
                        "GATEWAY_CREATE_LEASE",
                        "GATEWAY_RECONCILE_INTERVAL",
                        "GATEWAY_IDEMPOTENCY_RETENTION",
                        "GATEWAY_REDIRECT_HOSTS",
                        "GATEWAY_PUBLIC_URL",
                        "GATEWAY_WEBHOOK_REGISTRATION",
                        "GATEWAY_SANDBOX_API_BASE",
                        "GATEWAY_APPS_INTERVAL",
                        "GATEWAY_WEBHOOK_TOLERANCE",
                        "GATEWAY_EVENTS_INTERVAL",
                        "GATEWAY_EVENTS_BATCH",
                        "GATEWAY_EVENTS_ATTEMPTS",
                        "GATEWAY_EVENTS_RETENTION",
                        "GATEWAY_HISTORY_RETENTION",
                        "GATEWAY_CATCH_UP_INTERVAL",
                        "GATEWAY_DRIFT_GRACE",
                        "GATEWAY_FEED_INTERVAL",
                        "GATEWAY_FEED_RETENTION",
                        "GATEWAY_STREAMS_MAX",
                        "GATEWAY_STREAM_HEARTBEAT",
                        "GATEWAY_STREAM_AGE",
                        "GATEWAY_OUTGOING_NETWORKS",
                        "GATEWAY_OUTGOING_INTERVAL",
                        "GATEWAY_OUTGOING_CONCURRENCY",
                        "GATEWAY_OUTGOING_TIMEOUT",
                        "GATEWAY_OUTGOING_DISABLE_AFTER",
                        "GATEWAY_OUTGOING_RETENTION",
                        "GATEWAY_OIDC_ISSUER",
                        "GATEWAY_OIDC_JWKS_URL",
                        "GATEWAY_OIDC_AUDIENCE",
                        "GATEWAY_OIDC_NAMESPACE_CLAIM",
                        "GATEWAY_OIDC_ALGORITHMS",
                        "GATEWAY_OIDC_LEEWAY",
                        "GATEWAY_OIDC_REFRESH_INTERVAL",
                        "GATEWAY_OIDC_REFRESH_PAUSE",
                        "GATEWAY_OIDC_TIMEOUT",
                        "GATEWAY_RATE_REQUESTS_PER_SECOND",
                        "GATEWAY_RATE_REQUESTS_BURST",
                        "GATEWAY_RATE_CREATES_PER_MINUTE",
                        "LOG_FORMAT",
                        "LOG_LEVEL",
                        "ACCESS_LOG_LEVEL");
        assertThat(Settings.catalogue())
                .allSatisfy(setting -> assertThat(setting.meaning()).isNotBlank());
        assertThat(Settings.catalogue())
                .filteredOn(Setting::secret)
                .extracting(Setting::name)
                .containsExactly(
                        "DATABASE_URL",
                        "DATABASE_MIGRATION_URL",
                        "GATEWAY_SECRETS_KEY",
                        "STRIPE_API_KEY",
                        "STRIPE_WEBHOOK_SECRET");
    }
}
