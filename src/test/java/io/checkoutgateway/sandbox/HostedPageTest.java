package io.checkoutgateway.sandbox;

import static io.checkoutgateway.sandbox.SandboxFixture.card;
import static io.checkoutgateway.sandbox.SandboxFixture.setup;
import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.model.SetupIntent;
import com.stripe.model.checkout.Session;
import com.stripe.param.checkout.SessionCreateParams;
import io.checkoutgateway.testing.Patience;
import io.vertx.core.http.HttpServerRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A customer's way, walked with plain forms. */
class HostedPageTest {
    @RegisterExtension
    private final SandboxFixture fixture = new SandboxFixture();

    private final WebhookReceiver receiver = new WebhookReceiver(fixture.vertx);

    @Test
    void page_openSession_isSelfContainedAndNamesWhatItIsFor() throws StripeException {
        Session session = fixture.session(setup().setCancelUrl("https://shop.example/back?a=1&b=2")
                .setClientReferenceId("<b>order</b>")
                .setConsentCollection(SessionCreateParams.ConsentCollection.builder()
                        .setTermsOfService(SessionCreateParams.ConsentCollection.TermsOfService.REQUIRED)
                        .build())
                .build());

        HttpResponse<String> page =
                fixture.send(fixture.request(session.getUrl()).GET());

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "form-action 'self' https://shop.example;", "frame-ancestors 'none'");
        assertThat(page.body())
                .contains(
                        "<form method=\"post\"",
                        "name=\"terms\"",
                        "&lt;b&gt;order&lt;/b&gt;",
                        "<label for=\"card_number\">")
                .contains("href=\"https://shop.example/back?a=1&amp;b=2\"")
                .doesNotContain("<b>order", "<script", "src=");
    }

    @Test
    void pay_goodCard_completesFiresEventsAndRedirects() throws StripeException {
        fixture.sandbox.addWebhookEndpoint(receiver.url(), List.of("*"));
        String customer = fixture.customer().getId();
        Session session = fixture.session(setup().setCustomer(customer).build());

        HttpResponse<String> answer = fixture.submit(session.getUrl(), card("4242 4242 4242 4242"));

        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location"))
                .hasValue("https://shop.example/done?session=" + session.getId());
        assertThat(receiver.types())
                .containsExactly(
                        "customer.created",
                        "setup_intent.created",
                        "payment_method.attached",
                        "setup_intent.succeeded",
                        "checkout.session.completed");
        assertThat(retrieve(session).getStatus()).isEqualTo("complete");
        assertThat(retrieve(session).getCustomerDetails().getEmail()).isEqualTo("jenny@example.com");
        assertThat(intent(session).getPaymentMethod()).startsWith("pm_1");
        HttpResponse<String> again =
                fixture.send(fixture.request(session.getUrl()).GET());
        assertThat(again.body()).contains("All done").doesNotContain("card_number");
    }

    @Test
    void pay_slowWebhook_isWaitedForBeforeTheRedirect() throws StripeException {
        fixture.sandbox.addWebhookEndpoint(receiver.url(), List.of("checkout.session.completed"));
        CompletableFuture<HttpServerRequest> held = new CompletableFuture<>();
        receiver.answers(held::complete);
        Session session = fixture.session(setup().build());

        CompletableFuture<HttpResponse<String>> answer =
                CompletableFuture.supplyAsync(() -> fixture.submit(session.getUrl(), card("4242424242424242")));
        HttpServerRequest delivery =
                held.orTimeout(Patience.LIMIT.toMinutes(), TimeUnit.MINUTES).join();
        assertThat(retrieve(session).getStatus()).isEqualTo("complete");
        assertThat(answer).as("the redirect, before the webhook is answered").isNotDone();
        delivery.response().end();

        assertThat(answer.join().statusCode()).isEqualTo(303);
    }

    @Test
    void pay_declinedCards_sayWhyAndLeaveTheSessionOpen() throws StripeException {
        fixture.sandbox.addWebhookEndpoint(receiver.url(), List.of("setup_intent.setup_failed"));
        Session session = fixture.session(setup().build());

        HttpResponse<String> generic = fixture.submit(session.getUrl(), card("4000000000000002"));
        String firstReason = intent(session).getLastSetupError().getDeclineCode();
        HttpResponse<String> poor = fixture.submit(session.getUrl(), card("4000000000009995"));

        assertThat(generic.statusCode()).isEqualTo(402);
        assertThat(generic.body())
                .contains("role=\"alert\"", "Your card was declined.")
                .doesNotContain("4000000000000002");
        assertThat(firstReason).isEqualTo("generic_decline");
        assertThat(poor.body()).contains("Your card has insufficient funds.");
        assertThat(intent(session).getLastSetupError().getDeclineCode()).isEqualTo("insufficient_funds");
        assertThat(intent(session).getStatus()).isEqualTo("requires_payment_method");
        assertThat(retrieve(session).getStatus()).isEqualTo("open");
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(receiver.types()).hasSize(2));
    }

    @Test
    void pay_challengedCard_failsOrSucceedsAsTheBankSays() throws StripeException {
        fixture.sandbox.addWebhookEndpoint(receiver.url(), List.of("*"));
        Session session = fixture.session(setup().build());
        String challenge = "/c/pay/" + session.getId() + "/challenge";

        HttpResponse<String> asked = fixture.submit(session.getUrl(), card("4000002760003184"));
        assertThat(asked.headers().firstValue("Location")).hasValue(challenge);
        assertThat(intent(session).getStatus()).isEqualTo("requires_action");
        assertThat(fixture.send(fixture.request(challenge).GET()).body()).contains("Is this you?");

        HttpResponse<String> failed = fixture.submit(challenge, Map.of("outcome", "fail"));
        assertThat(failed.statusCode()).isEqualTo(402);
        assertThat(intent(session).getLastSetupError().getCode()).isEqualTo("setup_intent_authentication_failure");

        fixture.submit(session.getUrl(), card("4000002760003184"));
        HttpResponse<String> passed = fixture.submit(challenge, Map.of("outcome", "complete"));
        assertThat(passed.statusCode()).isEqualTo(303);
        assertThat(intent(session).getStatus()).isEqualTo("succeeded");
        assertThat(receiver.types())
                .containsExactly(
                        "setup_intent.created",
                        "setup_intent.requires_action",
                        "setup_intent.setup_failed",
                        "setup_intent.requires_action",
                        "setup_intent.succeeded",
                        "checkout.session.completed");
    }

    @Test
    void pay_mistypedForm_isShownAgainWithReasons() throws StripeException {
        Session session = fixture.session(setup().build());
        Map<String, String> wrong = new HashMap<>(card("4242 4242 4242 4241"));
        wrong.put("card_expiry", "01 / 20");
        wrong.put("email", "jenny");

        HttpResponse<String> page = fixture.submit(session.getUrl(), wrong);

        assertThat(page.statusCode()).isEqualTo(422);
        assertThat(page.body())
                .contains("Your card number is invalid.", "expiration date is in the past", "id=\"email-error\"")
                .contains("aria-invalid=\"true\" aria-describedby=\"card_number-error\"");
        assertThat(retrieve(session).getStatus()).isEqualTo("open");
    }

    @Test
    void pay_withoutCustomer_createsOneOnlyWhenAskedFor() throws StripeException {
        Session without = fixture.session(setup().build());
        Session with = fixture.session(setup().setCustomerCreation(SessionCreateParams.CustomerCreation.ALWAYS)
                .setCustomerEmail("max@example.com")
                .build());

        fixture.submit(without.getUrl(), card("4242424242424242"));
        fixture.submit(with.getUrl(), card("4242424242424242"));

        assertThat(retrieve(without).getCustomer()).isNull();
        assertThat(retrieve(with).getCustomer()).startsWith("cus_");
        assertThat(intent(with).getCustomer()).isEqualTo(retrieve(with).getCustomer());
        assertThat(fixture.stripe
                        .v1()
                        .customers()
                        .retrieve(retrieve(with).getCustomer())
                        .getEmail())
                .isEqualTo("max@example.com");
    }

    @Test
    void pay_requiredTerms_areRemembered() throws StripeException {
        Session session = fixture.session(setup().setConsentCollection(SessionCreateParams.ConsentCollection.builder()
                        .setTermsOfService(SessionCreateParams.ConsentCollection.TermsOfService.REQUIRED)
                        .build())
                .build());
        Map<String, String> ticked = new HashMap<>(card("4242424242424242"));
        ticked.put("terms", "yes");

        assertThat(fixture.submit(session.getUrl(), card("4242424242424242")).body())
                .contains("Please accept the terms");
        assertThat(fixture.submit(session.getUrl(), ticked).statusCode()).isEqualTo(303);
        assertThat(retrieve(session).getConsent().getTermsOfService()).isEqualTo("accepted");
    }

    @Test
    void page_expiredSession_saysSoAndRecoversWhenAllowed() throws StripeException {
        Session session = fixture.session(setup().setAfterExpiration(SessionCreateParams.AfterExpiration.builder()
                        .setRecovery(SessionCreateParams.AfterExpiration.Recovery.builder()
                                .setEnabled(true)
                                .build())
                        .build())
                .build());

        fixture.sandbox.clock().advance(Duration.ofHours(25));

        assertThat(fixture.send(fixture.request(session.getUrl()).GET()).statusCode())
                .isEqualTo(410);
        String link = retrieve(session).getAfterExpiration().getRecovery().getUrl();
        String fresh = fixture.send(fixture.request(link).GET())
                .headers()
                .firstValue("Location")
                .orElseThrow();
        assertThat(fixture.submit(fresh, card("4242424242424242")).statusCode()).isEqualTo(303);
        String revived = fresh.substring("/c/pay/".length());
        assertThat(fixture.stripe.v1().checkout().sessions().retrieve(revived).getRecoveredFrom())
                .isEqualTo(session.getId());
    }

    @Test
    void pay_embeddedSession_goesToReturnUrlUnlessToldNotTo() throws StripeException {
        SessionCreateParams.Builder embedded = SessionCreateParams.builder()
                .setMode(SessionCreateParams.Mode.SETUP)
                .setCurrency("eur")
                .setUiMode(SessionCreateParams.UiMode.EMBEDDED_PAGE);
        Session never = fixture.session(embedded.setRedirectOnCompletion(SessionCreateParams.RedirectOnCompletion.NEVER)
                .build());
        Session always =
                fixture.session(embedded.setRedirectOnCompletion(SessionCreateParams.RedirectOnCompletion.ALWAYS)
                        .setReturnUrl("https://shop.example/back/{CHECKOUT_SESSION_ID}")
                        .build());

        assertThat(fixture.submit(fixture.sandbox.pageOf(never.getId()).toString(), card("4242424242424242"))
                        .body())
                .contains("All done");
        assertThat(fixture.submit(fixture.sandbox.pageOf(always.getId()).toString(), card("4242424242424242"))
                        .headers()
                        .firstValue("Location"))
                .hasValue("https://shop.example/back/" + always.getId());
    }

    @Test
    void page_unknownSession_is404() {
        assertThat(fixture.send(fixture.request("/c/pay/cs_test_none").GET()).statusCode())
                .isEqualTo(404);
    }

    private Session retrieve(Session session) throws StripeException {
        return fixture.stripe.v1().checkout().sessions().retrieve(session.getId());
    }

    private SetupIntent intent(Session session) throws StripeException {
        return fixture.stripe.v1().setupIntents().retrieve(session.getSetupIntent());
    }
}
