package io.checkoutgateway.followup;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.model.Event;
import com.stripe.net.RequestOptions;
import com.stripe.param.CustomerUpdateParams;
import com.stripe.param.EventListParams;
import com.stripe.param.common.EmptyParam;
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
    private static final String EVENTS = "/v1/events";

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
        assertThat(scene.stripe()
                        .v1()
                        .customers()
                        .update(link.stripeCustomerId(), defaultOf(method))
                        .getId())
                .isNotNull();
    }

    private static CustomerUpdateParams defaultOf(@Nullable String method) {
        CustomerUpdateParams.InvoiceSettings.Builder settings = CustomerUpdateParams.InvoiceSettings.builder();
        return CustomerUpdateParams.builder()
                .setInvoiceSettings((method == null
                                ? settings.setDefaultPaymentMethod(EmptyParam.EMPTY)
                                : settings.setDefaultPaymentMethod(method))
                        .build())
                .build();
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
    void tell_diedAfterTheCallAndTheCustomerSetUpAnotherSince_setsTheNewer() throws StripeException {
        choose(method(), "10 seconds", null);
        scene.sandbox.faults().once("POST", CUSTOMER, Effect.dropAfter());
        assertThat(scene.meet().of(Result.RETRIED)).isEqualTo(1);
        String newer = method();
        choose(newer, "1 second", null);
        withoutEvents();

        met();

        assertThat(scene.link(link, "default_payment_method_id")).isEqualTo(newer);
        assertThat(defaultAtStripe()).isEqualTo(newer);
    }

    /** Whatever is found out, it is not from Stripe's list of events. */
    private static void withoutEvents() {
        scene.sandbox.faults().add("GET", EVENTS, 10, Effect.status(403));
    }

    @Test
    void tell_overtakenCallArrivedLast_isToldAgain() throws StripeException {
        String newer = method();
        String older = method();
        choose(newer, "1 minute", newer);
        asked(newer);
        toldByTheGateway(older);

        met();

        assertThat(defaultAtStripe()).isEqualTo(newer);
        assertThat(scene.link(link, "default_payment_method_id")).isEqualTo(newer);
    }

    private void asked(@Nullable String method) {
        scene.database.execute(
                "UPDATE checkout_gateway.stripe_customer_links SET default_payment_method_asked = %s WHERE id = '%s'"
                        .formatted(quoted(method), link.id()));
    }

    private void toldByTheGateway(String method) throws StripeException {
        assertThat(scene.stripe()
                        .v1()
                        .customers()
                        .update(
                                link.stripeCustomerId(),
                                defaultOf(method),
                                RequestOptions.builder()
                                        .setIdempotencyKey(FollowUp.DEFAULT_KEY_PREFIX + method)
                                        .build())
                        .getId())
                .isNotNull();
    }

    @Test
    void told_anotherWasChosenMeanwhile_remembersNothing() {
        choose("pm_first", "10 seconds", null);
        DefaultChoice overtaken =
                await(scene.choices.find(scene.app.id(), link.id())).orElseThrow();
        choose("pm_second", "1 second", "pm_heard");

        await(scene.choices.told(overtaken));

        assertThat(await(scene.choices.asking(overtaken, null))).isFalse();
        assertThat(scene.link(link, "default_payment_method_set")).isEqualTo("pm_heard");
        assertThat(scene.link(link, "default_payment_method_asked")).isEqualTo("null");
    }

    @Test
    void tell_olderChoiceOfOthersWhoseEventIsLate_isOverwritten() throws StripeException {
        atStripe(method());
        String newer = method();
        choose(newer, "-2 seconds", null);

        met();

        assertThat(defaultAtStripe()).isEqualTo(newer);
        assertThat(scene.link(link, "default_payment_method_id")).isEqualTo(newer);
    }

    @Test
    void tell_choiceOfOthersThatNobodyCanDate_waitsUncountedAndIsOverwrittenAtLast() throws StripeException {
        atStripe(method());
        String ours = method();
        choose(ours, "1 minute", null);
        withoutEvents();

        assertThat(scene.meet().of(Result.PUT_OFF)).isEqualTo(1);
        assertThat(scene.left("attempts, begun, state")).containsExactly(List.of("0", "0", "pending"));

        choose(ours, "3 minutes", null);
        met();
        assertThat(defaultAtStripe()).isEqualTo(ours);
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
        assertThat(scene.link(link, "extract(epoch FROM default_payment_method_as_of)::bigint"))
                .as("the time of their event")
                .isEqualTo(changes().get(0).getCreated().toString());
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
        atStripe(method);
        atStripe(null);
        choose(method, "1 minute", method);

        met();

        assertThat(defaultAtStripe()).isNull();
        assertThat(scene.link(link, "default_payment_method_id")).isEqualTo("null");
    }

    @Test
    void tell_chosenByOthersInTheSecondOfTheChoice_adoptsTheirsAsOfTheChoice() throws StripeException {
        String theirs = method();
        atStripe(theirs);
        choose(method(), "0 seconds", null);
        scene.database.execute(
                "UPDATE checkout_gateway.stripe_customer_links SET default_payment_method_as_of = to_timestamp(%d.25) WHERE id = '%s'"
                        .formatted(changes().get(0).getCreated(), link.id()));

        met();

        assertThat(scene.link(link, "default_payment_method_id")).isEqualTo(theirs);
        assertThat(scene.link(
                        link,
                        "default_payment_method_as_of"
                                + " = to_timestamp(%d.25)"
                                        .formatted(changes().get(0).getCreated())))
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

        assertThat(scene.meetAll()).isEqualTo(2);

        assertThat(scene.link(link, "default_payment_method_id")).isEqualTo("null");
        assertThat(scene.link(link, "default_payment_method_set")).isEqualTo("null");
    }

    @Test
    void tell_detachedMethodInPlaceOfOneThatWasTold_leavesNoneAtStripeEither() throws StripeException {
        String before = method();
        atStripe(before);
        String method = method();
        assertThat(scene.stripe().v1().paymentMethods().detach(method).getCustomer())
                .isNull();
        choose(method, "1 second", before);

        assertThat(scene.meetAll()).isEqualTo(2);

        assertThat(scene.link(link, "default_payment_method_id")).isEqualTo("null");
        assertThat(defaultAtStripe()).isNull();
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
