package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.testing.AppScene;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.PublishedBodies;
import io.checkoutgateway.testing.PublishedOperations;
import io.checkoutgateway.testing.PublishedOperations.Described;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a body names is looked for among the caller's own: each member of the contract's bodies that names a thing is tried
 * with another tenant's. Two tenants, two Stripe accounts; the stranger sends to its own things and may do everything.
 */
class ForeignIdsInBodiesTest {
    /** They name nothing that there is: a text of the caller's for its own use, and credentials, which prove themselves. */
    private static final Set<String> NO_NAMES = Set.of(
            "create-customer-stripe-checkout-session /stripe_options/client_reference_id",
            "create-checkout-session /stripe_options/client_reference_id",
            "install-app /api_key",
            "update-app /secret_api_key");

    /** They name what is made by the request: each tenant has names of its own, so another's may be taken once more. */
    private static final Set<String> NAMES_TO_BE = Set.of(
            "create-customer /key",
            "create-customer /usage_attribution/subject_keys",
            "upsert-customer /usage_attribution/subject_keys",
            "create-checkout-session /customer/create/key",
            "create-checkout-session /customer/create/usage_attribution/subject_keys");

    /** Whether a key reaches a connected account is Stripe's to say, when it is asked: the run fails. */
    private static final Set<String> LEFT_TO_STRIPE =
            Set.of("create-backfill /account", "create-drift-report /account");

    /** They narrow down what of the caller's own is meant: nothing of it is another's. */
    private static final Set<String> CONDITIONS = Set.of(
            "replay-events /app_id",
            "replay-events /object_id",
            "replay-events /session_id",
            "retry-follow-ups /app_id");

    /** What the stranger sends for a member. */
    private static final Map<String, JsonObject> BODIES = new HashMap<>();

    private static TestGateway gateway;
    private static AppScene owner;
    private static AppScene stranger;
    private static String customer;
    private static String own;
    private static JsonObject before;

    @BeforeAll
    static void start() {
        gateway = TestGateway.startWithoutApps(Map.of());
        owner = AppScene.in(gateway);
        stranger = AppScene.in(gateway);
        JsonObject app = owner.install();
        stranger.install();
        own = gateway.customer(stranger.namespace());
        JsonObject session = owner.complete();
        customer = session.getString("customer_id");
        teach(app, session);
        before = everythingOfTheOwner();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static JsonObject of(String member, Object value) {
        return new JsonObject().put(member, value);
    }

    private static JsonObject session() {
        return of("customer", of("id", own))
                .put(
                        "stripe_options",
                        of("success_url", "https://shop.example/done").put("currency", "EUR"));
    }

    private static JsonObject newCustomer(String key) {
        return of("key", key).put("name", "Stranger");
    }

    private static void teach(JsonObject app, JsonObject session) {
        String counterpart = session.getString("stripe_customer_id");
        String method = session.getJsonObject("setup_intent").getString("payment_method_id");
        String ownCounterpart = stranger.client()
                .post("/api/v1/checkout-sessions", session())
                .expect(201)
                .json()
                .getString("stripe_customer_id");
        JsonObject foreignLink = of("customer_id", counterpart);
        JsonObject foreignMethod = of("customer_id", ownCounterpart).put("default_payment_method_id", method);
        BODIES.put("update-customer-billing /billing_profile/id", of("billing_profile", of("id", app.getString("id"))));
        BODIES.put("update-customer-billing /app_data/stripe/customer_id", of("app_data", of("stripe", foreignLink)));
        BODIES.put(
                "update-customer-billing /app_data/stripe/default_payment_method_id",
                of("app_data", of("stripe", foreignMethod)));
        BODIES.put("update-customer-billing-app-data /stripe/customer_id", of("stripe", foreignLink));
        BODIES.put("update-customer-billing-app-data /stripe/default_payment_method_id", of("stripe", foreignMethod));
        BODIES.put(
                "create-customer-stripe-portal-session /stripe_options/configuration_id",
                of("stripe_options", of("configuration_id", configuration())));
        BODIES.put("create-checkout-session /customer/id", session().put("customer", of("id", customer)));
        String key = owner.client()
                .get("/api/v3/openmeter/customers/" + customer)
                .expect(200)
                .json()
                .getString("key");
        BODIES.put("create-checkout-session /customer/key", session().put("customer", of("key", key)));
        BODIES.put("create-checkout-session /stripe_customer_id", session().put("stripe_customer_id", counterpart));
        BODIES.put("create-checkout-session /app_id", session().put("app_id", app.getString("id")));
        BODIES.put(
                "create-checkout-session /stripe_account",
                session().put("stripe_account", app.getString("account_id")));
        BODIES.put("replace-default-app /app_id", of("app_id", app.getString("id")));
        String account = app.getString("account_id");
        String since = Instant.now().minus(Duration.ofDays(1)).toString();
        BODIES.put("create-backfill /account", of("account", account));
        BODIES.put("create-drift-report /account", of("account", account));
        String stripeSession = session.getString("stripe_session_id");
        BODIES.put("pull-checkout-session /stripe_session_id", of("stripe_session_id", stripeSession));
        BODIES.put(
                "pull-checkout-session /app_id",
                of("stripe_session_id", stripeSession).put("app_id", app.getString("id")));
        BODIES.put(
                "pull-checkout-session /account",
                of("stripe_session_id", stripeSession).put("account", account));
        BODIES.put("start-app-catch-up /account", of("since", since).put("account", account));
        BODIES.put("replay-events /app_id", of("state", "applied").put("app_id", app.getString("id")));
        BODIES.put("replay-events /object_id", of("state", "applied").put("object_id", stripeSession));
        BODIES.put("replay-events /session_id", of("state", "applied").put("session_id", stripeSession));
        BODIES.put("retry-follow-ups /app_id", of("state", "given_up").put("app_id", app.getString("id")));
        BODIES.put("create-backfill /app_id", of("app_id", app.getString("id")));
        BODIES.put("create-drift-report /app_id", of("app_id", app.getString("id")));

        JsonArray subjects = new JsonArray().add("subject-of-the-owner");
        owner.client()
                .post(
                        "/api/v3/openmeter/customers",
                        newCustomer("taken").put("usage_attribution", of("subject_keys", subjects)))
                .expect(201);
        owner.client()
                .post("/api/v3/openmeter/customers", newCustomer("taken-too"))
                .expect(201);
        BODIES.put("create-customer /key", newCustomer("taken"));
        BODIES.put(
                "create-customer /usage_attribution/subject_keys",
                newCustomer("another").put("usage_attribution", of("subject_keys", subjects)));
        BODIES.put(
                "upsert-customer /usage_attribution/subject_keys",
                of("name", "Stranger").put("usage_attribution", of("subject_keys", new JsonArray().add(key))));
        BODIES.put(
                "create-checkout-session /customer/create/key",
                session().put("customer", of("create", newCustomer("taken-too"))));
        BODIES.put(
                "create-checkout-session /customer/create/usage_attribution/subject_keys",
                session()
                        .put(
                                "customer",
                                of(
                                        "create",
                                        newCustomer("a-third")
                                                .put(
                                                        "usage_attribution",
                                                        of("subject_keys", new JsonArray().add(customer))))));
    }

    private static String configuration() {
        return owner.client()
                .post(
                        "/api/v3/openmeter/customers/" + customer + "/billing/stripe/portal-sessions",
                        of("stripe_options", new JsonObject()))
                .expect(201)
                .json()
                .getString("configuration_id");
    }

    private static JsonObject everythingOfTheOwner() {
        ContractClient client = owner.client();
        return of(
                        "customer",
                        client.get("/api/v3/openmeter/customers/" + customer).json())
                .put("billing", client.get(AppScene.billingOf(customer)).json())
                .put("sessions", client.get("/api/v1/checkout-sessions").json())
                .put("default_app", client.get("/api/v1/default-app").json())
                .put("backfills", client.get("/api/v1/admin/backfills").json())
                .put("reports", client.get("/api/v1/admin/drift-reports").json())
                .put("customers", client.get("/api/v3/openmeter/customers").json());
    }

    @Test
    void everyMemberThatNamesAThing_isTried() {
        Set<String> known = new TreeSet<>(BODIES.keySet());
        known.addAll(NO_NAMES);

        assertThat(PublishedBodies.membersThatNameAThing()).isEqualTo(known);
    }

    static Stream<Arguments> members() {
        return PublishedBodies.membersThatNameAThing().stream()
                .filter(member -> !NO_NAMES.contains(member))
                .map(member -> argumentSet(member, member));
    }

    private static Answer send(String member) {
        Described operation = PublishedOperations.all().stream()
                .filter(known -> known.id().equals(member.split(" ", 2)[0]))
                .findFirst()
                .orElseThrow();
        return stranger.client()
                .send(
                        operation.method(),
                        operation.path(path -> own),
                        BodyPublishers.ofString(
                                Objects.requireNonNull(BODIES.get(member)).encode()),
                        "application/json");
    }

    /** Stripe tells a key that reaches another's account as it tells a bad one, and so does the gateway. */
    private static boolean isRefusal(int status, Answer answer) {
        return status >= 400 && status < 500 || answer.json().getString("code").equals("stripe_credentials");
    }

    private static void assertFails(Answer begun) {
        String run = begun.header("Location");
        AppScene.soon(
                () -> assertThat(stranger.client().get(run).expect(200).json().getString("state"))
                        .as(begun.body())
                        .isEqualTo("failed"));
    }

    @ParameterizedTest
    @MethodSource("members")
    void body_namingAThingOfAnotherTenant_findsNothingAndTouchesNothing(String member) {
        Answer answer = send(member);

        if (CONDITIONS.contains(member)) {
            assertThat(answer.expect(200).json().getInteger("count")).isZero();
        } else if (NAMES_TO_BE.contains(member)) {
            assertThat(answer.status()).as(answer.body()).isIn(200, 201);
        } else if (LEFT_TO_STRIPE.contains(member)) {
            assertFails(answer);
        } else {
            assertThat(answer.status()).as(answer.body()).matches(status -> isRefusal(status, answer));
        }
        assertThat(everythingOfTheOwner()).isEqualTo(before);
    }
}
