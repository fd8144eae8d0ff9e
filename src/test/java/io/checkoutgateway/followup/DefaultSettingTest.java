package io.checkoutgateway.followup;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.model.Event;
import com.stripe.param.CustomerUpdateParams;
import com.stripe.param.EventListParams;
import io.checkoutgateway.followup.FollowUp.Kind;
import io.checkoutgateway.followup.FollowUpScene.Link;
import io.checkoutgateway.followup.FollowUps.Result;
import io.checkoutgateway.sandbox.faults.Effect;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DefaultSettingTest {
    private static final String CUSTOMER = "/v1/customers/*";

    private static FollowUpScene scene;

    private Link link;

    @BeforeAll
    static void start() {
        scene = new FollowUpScene();
    }

    @BeforeEach
    void makeLink() throws StripeException {
        link = scene.link();
    }

    @AfterEach
    void forget() {
        scene.sandbox.faults().clear();
        scene.database.execute("DELETE FROM checkout_gateway.follow_ups");
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    /** What an event has chosen, so long ago; Stripe has been told something before, or nothing. */
    private void choose(@Nullable String method, String ago, @Nullable String told) {
        scene.database.execute(
                """
                UPDATE checkout_gateway.stripe_customer_links
                SET default_payment_method_id = %s,
                    default_payment_method_as_of = date_trunc('second', now()) - interval '%s',
                    default_payment_method_set = %s
                WHERE id = '%s'
                """
                        .formatted(quoted(method), ago, quoted(told), link.id()));
        scene.wish(Kind.SET_DEFAULT_PAYMENT_METHOD, link.id());
    }

    private static String quoted(@Nullable String text) {
        return text == null ? "NULL" : "'" + text + "'";
    }

    private void met() {
        assertThat(scene.meet().of(Result.DONE)).isEqualTo(1);
        assertThat(scene.left("kind")).isEmpty();
    }

    private void atStripe(@Nullable String method) throws StripeException {
        scene.stripe()
                .v1()
                .customers()
                .update(
                        link.stripeCustomerId(),
                        CustomerUpdateParams.builder()
                                .setInvoiceSettings(CustomerUpdateParams.InvoiceSettings.builder()
                                        .setDefaultPaymentMethod(method)
                                        .build())
                                .build());
    }

    private @Nullable String defaultAtStripe() throws StripeException {
        return scene.stripe()
                .v1()
                .customers()
                .retrieve(link.stripeCustomerId())
                .getInvoiceSettings()
                .getDefaultPaymentMethod();
    }

    private String method() throws StripeException {
        return scene.savedMethod(link.stripeCustomerId());
    }

    /** The events about changes of this customer, the newest first. */
    private List<Event> changes() throws StripeException {
        return scene
                .stripe()
                .v1()
                .events()
                .list(EventListParams.builder().setType("customer.updated").build())
                .getData()
                .stream()
                .filter(event -> event.getDataObjectDeserializer().getRawJson().contains(link.stripeCustomerId()))
                .toList();
    }

    @Test
    void tell_justChosen_isSetAndItsEchoIsRecognizable() throws StripeException {
        String method = method();
        choose(method, "1 second", null);

        met();

        assertThat(defaultAtStripe()).isEqualTo(method);
        assertThat(scene.link(link, "default_payment_method_set")).isEqualTo(method);
        assertThat(changes()).singleElement().satisfies(event -> assertThat(
                        event.getRequest().getIdempotencyKey())
                .startsWith(FollowUp.DEFAULT_KEY_PREFIX + link.id())
                .hasSizeLessThan(255));
    }

    @Test
    void tell_diedAfterTheCall_isRepeatedHarmlessly() throws StripeException {
        String method = method();
        choose(method, "1 second", null);
        scene.sandbox.faults().once("POST", CUSTOMER, Effect.dropAfter());
        assertThat(scene.meet().of(Result.RETRIED)).isEqualTo(1);
        assertThat(scene.link(link, "default_payment_method_set")).isEqualTo("null");

        met();

        assertThat(scene.link(link, "default_payment_method_set")).isEqualTo(method);
        assertThat(changes()).hasSize(1);
    }

    @Test
    void tell_diedAfterTheCallAndSomebodyChoseSince_leavesTheirs() throws StripeException {
        choose(method(), "1 second", null);
        scene.sandbox.faults().once("POST", CUSTOMER, Effect.dropAfter());
        assertThat(scene.meet().of(Result.RETRIED)).isEqualTo(1);
        String theirs = method();
        atStripe(theirs);

        met();

        assertThat(defaultAtStripe()).isEqualTo(theirs);
        assertThat(scene.link(link, "default_payment_method_id")).isEqualTo(theirs);
    }

    @Test
    void tell_stripeRepeatsItsFault_isToldUnderAnotherKey() throws StripeException {
        String method = method();
        choose(method, "1 second", null);
        scene.sandbox.faults().once("POST", CUSTOMER, Effect.serverError());
        assertThat(scene.meet().of(Result.RETRIED)).isEqualTo(1);

        met();

        assertThat(defaultAtStripe()).isEqualTo(method);
    }

    @Test
    void tell_lateAndSomebodyChoseSince_adoptsTheirs() throws StripeException {
        String theirs = method();
        atStripe(theirs);
        choose(method(), "6 minutes", null);

        met();

        assertThat(defaultAtStripe()).isEqualTo(theirs);
        assertThat(scene.link(link, "default_payment_method_id")).isEqualTo(theirs);
        assertThat(scene.link(link, "default_payment_method_set")).isEqualTo(theirs);
        assertThat(scene.link(link, "default_payment_method_as_of > now() - interval '1 minute'"))
                .isEqualTo("t");
    }

    @Test
    void tell_justChosenAndSomebodyChoseSince_adoptsTheirs() throws StripeException {
        String theirs = method();
        choose(method(), "1 second", null);
        atStripe(theirs);

        met();

        assertThat(defaultAtStripe()).isEqualTo(theirs);
        assertThat(scene.link(link, "default_payment_method_id")).isEqualTo(theirs);
        assertThat(changes()).as("only theirs").hasSize(1);
    }

    @Test
    void tell_somebodyTookBackWhatStripeWasTold_adoptsNone() throws StripeException {
        String method = method();
        choose(method, "1 minute", method);

        met();

        assertThat(defaultAtStripe()).isNull();
        assertThat(scene.link(link, "default_payment_method_id")).isEqualTo("null");
    }

    @Test
    void tell_adoptsTheirs_asOfAWholeSecondThatIsNoEarlierThanTheChoice() throws StripeException {
        String theirs = method();
        atStripe(theirs);
        choose(method(), "-1 hour", null);

        met();

        assertThat(scene.link(
                        link,
                        "default_payment_method_as_of = date_trunc('second', default_payment_method_as_of)"
                                + " AND default_payment_method_as_of > now() + interval '59 minutes'"))
                .isEqualTo("t");
    }

    @Test
    void tell_lateAndStripeHasWhatItWasToldBefore_isSet() throws StripeException {
        String before = method();
        atStripe(before);
        String method = method();
        choose(method, "6 minutes", before);

        met();

        assertThat(defaultAtStripe()).isEqualTo(method);
    }

    @Test
    void tell_lateAndStripeHasNone_isSet() throws StripeException {
        String method = method();
        choose(method, "6 minutes", null);

        met();

        assertThat(defaultAtStripe()).isEqualTo(method);
    }

    @Test
    void tell_detachedMethod_isWithdrawn() throws StripeException {
        String method = method();
        scene.stripe().v1().paymentMethods().detach(method);
        choose(method, "1 second", null);

        met();

        assertThat(scene.link(link, "default_payment_method_id")).isEqualTo("null");
        assertThat(scene.link(link, "default_payment_method_set")).isEqualTo("null");
    }

    @Test
    void tell_noneAndStripeClearedByItself_writesNothing() throws StripeException {
        String method = method();
        atStripe(method);
        scene.stripe().v1().paymentMethods().detach(method);
        int before = changes().size();
        choose(null, "1 second", method);

        met();

        assertThat(changes()).hasSize(before);
        assertThat(scene.link(link, "default_payment_method_set")).isEqualTo("null");
    }

    @Test
    void tell_noneAndStripeStillHasWhatItWasTold_isCleared() throws StripeException {
        String method = method();
        atStripe(method);
        choose(null, "1 second", method);

        met();

        assertThat(defaultAtStripe()).isNull();
        assertThat(scene.link(link, "default_payment_method_set")).isEqualTo("null");
    }

    @Test
    void tell_deletedCustomer_isDone() throws StripeException {
        String method = method();
        assertThat(scene.stripe()
                        .v1()
                        .customers()
                        .delete(link.stripeCustomerId())
                        .getDeleted())
                .isTrue();

        choose(method, "1 second", null);
        met();
        choose(method, "6 minutes", null);
        met();

        assertThat(scene.link(link, "default_payment_method_set")).isEqualTo("null");
    }

    @Test
    void tell_nothingChosenYet_isDone() {
        scene.wish(Kind.SET_DEFAULT_PAYMENT_METHOD, link.id());

        met();
    }
}
