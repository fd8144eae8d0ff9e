package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.checkoutgateway.sdk.ApiClient;
import io.checkoutgateway.sdk.ApiException;
import io.checkoutgateway.sdk.api.CheckoutSessionsApi;
import io.checkoutgateway.sdk.api.CustomersApi;
import io.checkoutgateway.sdk.api.DjStripeMirrorApi;
import io.checkoutgateway.sdk.model.BillingAppStripeCreateCheckoutSessionRequestOptions;
import io.checkoutgateway.sdk.model.BillingAppStripeCreateCheckoutSessionResult;
import io.checkoutgateway.sdk.model.BillingCustomer;
import io.checkoutgateway.sdk.model.BillingCustomerStripeCreateCheckoutSessionRequest;
import io.checkoutgateway.sdk.model.CheckoutSession;
import io.checkoutgateway.sdk.model.CheckoutSessionCursorPage;
import io.checkoutgateway.sdk.model.CreateCustomerRequest;
import io.checkoutgateway.sdk.model.CursorPageQuery;
import io.checkoutgateway.testing.GatewayExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The main job through the SDK that is generated from the contract, as a team that uses Java does it. */
class SdkJourneyTest {
    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension();

    private static ApiClient client() {
        String key = GATEWAY.get().key();
        ApiClient client = new ApiClient();
        client.updateBaseUri(GATEWAY.get().url().toString());
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + key));
        return client;
    }

    @Test
    void journey_customerToSession_worksWithGeneratedTypes() throws ApiException {
        ApiClient client = client();
        BillingCustomer customer = new CustomersApi(client)
                .createCustomer(
                        new CreateCustomerRequest().key("sdk").name("SDK GmbH").currency("EUR"), "sdk-customer");
        BillingAppStripeCreateCheckoutSessionResult result = new CustomersApi(client)
                .createCustomerStripeCheckoutSession(
                        customer.getId(),
                        new BillingCustomerStripeCreateCheckoutSessionRequest()
                                .stripeOptions(new BillingAppStripeCreateCheckoutSessionRequestOptions()
                                        .successUrl("https://shop.example/done")
                                        .putMetadataItem("order", "7")),
                        "sdk-session");

        CheckoutSessionsApi sessions = new CheckoutSessionsApi(client);
        CheckoutSession session = sessions.getCheckoutSession(result.getSessionId());
        CheckoutSessionCursorPage page =
                sessions.listCheckoutSessions(new CursorPageQuery().size(5), "created_at desc", null);

        assertThat(session.getStatus()).isEqualTo("open");
        assertThat(session.getCustomerId()).isEqualTo(customer.getId());
        assertThat(session.getMetadata()).containsEntry("order", "7");
        assertThat(page.getData()).extracting(CheckoutSession::getId).containsExactly(session.getId());
        assertThat(new DjStripeMirrorApi(client)
                        .getDjStripeCheckoutSession(result.getSessionId())
                        .getCustomer())
                .isEqualTo(result.getStripeCustomerId());
        assertThat(sessions.expireCheckoutSession(session.getId()).getStatus()).isEqualTo("expired");
    }

    @Test
    void journey_mistake_isAnExceptionWithTheProblem() {
        CheckoutSessionsApi sessions = new CheckoutSessionsApi(client());

        assertThatThrownBy(() -> sessions.getCheckoutSession("cs_test_nobody"))
                .isInstanceOfSatisfying(ApiException.class, failure -> {
                    assertThat(failure.getCode()).isEqualTo(404);
                    assertThat(failure.getResponseBody()).contains("\"code\":\"not_found\"");
                });
    }
}
