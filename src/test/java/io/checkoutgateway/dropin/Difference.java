package io.checkoutgateway.dropin;

import static io.checkoutgateway.dropin.Refusal.at;
import static io.checkoutgateway.dropin.Refusal.invalid;
import static io.checkoutgateway.dropin.Refusal.of;
import static io.checkoutgateway.dropin.Values.any;
import static io.checkoutgateway.dropin.Values.empty;
import static io.checkoutgateway.dropin.Values.isWord;
import static io.checkoutgateway.dropin.Values.longerThan;
import static io.checkoutgateway.dropin.Values.missing;
import static io.checkoutgateway.dropin.Values.moreBytesThan;
import static io.checkoutgateway.dropin.Values.moreCharsThan;
import static io.checkoutgateway.dropin.Values.moreThan;
import static io.checkoutgateway.dropin.Values.notACurrency;
import static io.checkoutgateway.dropin.Values.notAhead;
import static io.checkoutgateway.dropin.Values.notBetween;
import static io.checkoutgateway.dropin.Values.notLike;
import static io.checkoutgateway.dropin.Values.notOneOfOurs;
import static io.checkoutgateway.dropin.Values.unstorable;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.util.function.Predicate.not;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What differs from OpenMeter on purpose: the rows of the table in {@code api/README.md}, in its order. Where a row says
 * that something is refused, the refusals stand here, with the values for which they are right; the other rows are about
 * what an accepted request does, of which {@code journeys} tells.
 */
enum Difference {
    TEXT_RULES(
            invalid("/stripe_options/(success_url|cancel_url)", "not_allowed", any())
                    .where("/stripe_options/ui_mode", isWord("embedded")),
            invalid("/stripe_options/(return_url|redirect_on_completion)", "not_allowed", any())
                    .where("/stripe_options/ui_mode", not(isWord("embedded"))),
            invalid("/stripe_options/return_url", "not_allowed", any())
                    .where("/stripe_options/redirect_on_completion", isWord("never")),
            invalid("/stripe_options/(success_url|return_url|currency)", "required", missing()),
            invalid("/stripe_options/customer_update(/name)?", "required", missing()),
            invalid("/stripe_options/customer_update/name", "enum|const", isWord("never")),
            invalid("/stripe_options/expires_at", "minimum|maximum", notAhead(ofMinutes(30), ofHours(24)))),
    STRIPE_LIMITS(
            invalid("/stripe_options/(success|cancel|return)_url", "max_length", longerThan(5_000)),
            invalid("/stripe_options/(success|cancel|return)_url", "pattern", notLike("https?://.*")),
            invalid("/stripe_options/(success|cancel|return)_url", "url", any()),
            invalid("/stripe_options/client_reference_id", "max_length", longerThan(200)),
            invalid("/stripe_options/client_reference_id", "min_length", empty()),
            invalid("/stripe_options/custom_text/\\w+/message", "min_length", empty()),
            invalid("/stripe_options/metadata/[^/]*", "max_length", longerThan(500)),
            invalid("/stripe_options/metadata/(?!om_|gateway_)[^/]*", "invalid_key", any()),
            invalid("/stripe_options/payment_method_types/\\d+", "max_length", longerThan(64)),
            invalid("/stripe_options/payment_method_types/\\d+", "pattern", notLike("[a-z0-9_]{1,64}")),
            invalid("/stripe_options/payment_method_types", "unique_items|max_items", moreThan(1))),
    LOCALES(invalid("/stripe_options/locale", "enum", notOneOfOurs("BillingAppStripeCheckoutSessionLocale"))
            .in("create-customer-stripe-checkout-session")),
    REQUIRED_INSIDE(
            invalid("/stripe_options/custom_text/\\w+/message", "required", missing()),
            invalid(
                    "/stripe_options/consent_collection/payment_method_reuse_agreement/position",
                    "required",
                    missing())),
    RESERVED_METADATA(
            invalid("/stripe_options/metadata/(om|gateway)_\\w+", "invalid_key", any()),
            invalid("/stripe_options/metadata", "max_items", moreThan(45))),
    METADATA_RETURNED,
    IDEMPOTENCY_KEYS,
    ONE_PROBLEM,
    BILLING_WITHOUT_STRIPE,
    APP_DATA_LABELS,
    DEFAULT_PAYMENT_METHOD,
    APP_DATA_OPTIONAL,
    BILLING_PROFILE_SHOWN,
    EXTERNAL_INVOICING_DATA(invalid("(/app_data)?/external_invoicing", "not_allowed", any())),
    PAYMENT_METHOD_OF_ANOTHER(at("(/app_data)?/stripe/default_payment_method_id", 412, "stripe_reference")),
    STRIPE_IDS(
            invalid("(/app_data)?/stripe/customer_id", "required", missing()),
            invalid("(/app_data)?/stripe/customer_id", "pattern", notLike("cus_[A-Za-z0-9_]+")),
            invalid("(/app_data)?/stripe/\\w+_id", "max_length", longerThan(255)),
            invalid("(/app_data)?/stripe/\\w+_id", "min_length", empty()),
            at("(/app_data)?/stripe/customer_id", 412, "stripe_reference")),
    BILLING_ETAG,
    PORTAL_LOCALE_SENT,
    PORTAL_OPTIONS(invalid("/stripe_options/locale", "enum", notOneOfOurs("BillingAppStripeCustomerPortalLocale"))
            .in("create-customer-stripe-portal-session")),
    PORTAL_ALWAYS_FULL,
    PORTAL_CUSTOMER,
    EMPTY_VALUES(
            invalid("(/app_data)?/stripe", "required", missing()),
            invalid("/stripe_options/payment_method_types", "min_items", not(moreThan(0))),
            invalid("/stripe_options/metadata/[^/]*", "min_length", empty())),
    PORTAL_CONFIGURATIONS(
            invalid("/stripe_options/configuration_id", "max_length", longerThan(255)),
            invalid("/stripe_options/configuration_id", "pattern", notLike("bpc_[A-Za-z0-9_]+"))),
    APP_NAMES(
            invalid("/name", "max_length", longerThan(256)).in("install-app"),
            invalid("/name", "min_length", empty()).in("install-app")),
    OPEN_ANSWERS,
    APP_TYPES,
    EXTERNAL_INVOICING_APPS(
            of(422, "app_not_available").in("install-app"),
            of(404, "not_found").in("get-app-catalog-item"),
            invalid("/type", "not_allowed", isWord("external_invoicing")).in("update-app")),
    CAPABILITIES,
    APP_IS_PROFILE,
    DEFAULT_APP_UNINSTALL,
    APP_KEYS(
            invalid("/(secret_)?api_key", "max_length", longerThan(255)),
            invalid("/(secret_)?api_key", "pattern", notLike("[sr]k_(test|live)_\\w{10,}"))),
    RULES_IN_SCHEMA,
    LABEL_KEYS(invalid(".*/labels/[^/]*", "invalid_label_key_(format|prefix)", any())),
    CUSTOMER_LIMITS(
            invalid("/billing_address/(postal_code|phone_number)", "max_length", longerThan(64)),
            invalid("/billing_address/(state|city)", "max_length", longerThan(256)),
            invalid("/billing_address/line[12]", "max_length", longerThan(512)),
            invalid("/primary_email", "max_length", longerThan(512)),
            invalid("/usage_attribution/subject_keys/\\d+", "max_length", longerThan(256))),
    REPEATED_SUBJECTS(invalid("/usage_attribution/subject_keys/\\d+", "unique_items", any())),
    NUL(invalid(".*", "characters", unstorable())),
    BODY_SIZE(of(413, "body_too_large")),
    EMPTY_EMAIL,
    PAGE_LIMITS(
            invalid("page\\[size]", "range", notBetween(1, 1_000)),
            invalid("page\\[number]", "range", notBetween(1, 999_999_999))),
    FILTER_VALUES(
            invalid("filter\\[.*", "max_length", moreBytesThan(1_024)),
            invalid("filter\\[.*", "max_items", longerThan(100))),
    LIST_WORDS(
            invalid("sort", "pattern|max_length", notLike("(id|name|created_at)( asc| desc)?")),
            invalid("filter\\[billing_profile_id].*", "ulid", notLike("[0-7][0-9A-HJKMNP-TV-Z]{25}"))),
    EXISTS,
    NEQ,
    EMPTY_LISTS,
    ONE_FILTER_FORM,
    CUSTOMER_ETAG,
    DELETED_SUBJECTS,
    DECLARED_STATUSES(
            of(409, "conflict").in("(create|upsert)-customer"),
            at("/stripe_options/currency", 422, "stripe_refused", notACurrency())
                    .in("create-customer-stripe-checkout-session"),
            at("/stripe_options/payment_method_types/\\d+", 422, "stripe_refused", not(isWord("card")))
                    .in("create-customer-stripe-checkout-session"),
            at("/stripe_options/custom_text/\\w+/message", 422, "stripe_refused", moreCharsThan(1_200))
                    .in("create-customer-stripe-checkout-session"),
            at("/stripe_options/configuration_id", 422, "stripe_refused", any())
                    .in("create-customer-stripe-portal-session")),
    INVALID_PARAMETERS;

    private final List<Refusal> refusals;

    Difference(Refusal... refusals) {
        this.refusals = List.of(refusals);
    }

    /** As the table names it. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether the row says that something is refused. */
    boolean refuses() {
        return !refusals.isEmpty();
    }

    /** Members and words of requests that are never taken ({@link #EXTERNAL_INVOICING_DATA} and its apps). */
    static boolean neverTaken(String trace) {
        return trace.contains("external_invoicing") || trace.matches("enable_(draft|issuing)_sync_hook.*");
    }

    /** The first row that explains a whole problem, which names no place. */
    static Optional<Difference> explaining(Problem problem, Request request) {
        return Arrays.stream(values())
                .filter(each -> each.refusals.stream().anyMatch(refusal -> refusal.explains(problem, request)))
                .findFirst();
    }

    /** The first row that explains one thing of a problem. */
    static Optional<Difference> explaining(Problem problem, Problem.Broken broken, Request request) {
        return Arrays.stream(values())
                .filter(each -> each.refusals.stream().anyMatch(refusal -> refusal.explains(problem, broken, request)))
                .findFirst();
    }
}
