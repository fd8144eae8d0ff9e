package io.checkoutgateway.followup;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.param.CustomerUpdateParams;
import com.stripe.param.EventListParams;
import io.checkoutgateway.followup.FollowUp.Kind;
import io.checkoutgateway.followup.FollowUpScene.Link;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.testing.HostedPage;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What happens to one customer's cards at Stripe, and when the gateway hears and does what. */
final class DefaultsStory {
    private static final String CUSTOMER = "/v1/customers/*";

    final Link link;
    final List<String> told = new ArrayList<>();
    private final FollowUpScene scene;
    private final Random chance;
    private final List<String> attached = new ArrayList<>();
    private final List<JsonObject> undelivered = new ArrayList<>();
    private final List<JsonObject> delivered = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private @Nullable String last;

    DefaultsStory(FollowUpScene scene, Random chance) throws StripeException {
        this.scene = scene;
        this.chance = chance;
        this.link = scene.link();
    }

    /** What was chosen last, unless it was detached. */
    @Nullable
    String newest() {
        return attached.contains(last) ? last : null;
    }

    void goOn() throws StripeException {
        switch (chance.nextInt(10)) {
            case 0, 1 -> setUp();
            case 9 -> setUpTwo();
            case 2 -> chooseAtStripe();
            case 3 -> detach();
            case 4, 5 -> deliverOne();
            case 6 -> deliverAgain();
            case 7 -> meet();
            default -> meetWithoutLuck();
        }
        listen();
    }

    private void setUp() throws StripeException {
        String session = open();
        scene.sandbox.clock().advance(Duration.ofSeconds(2));
        chosen("set up", pay(session));
    }

    /** Of two that were set up in one second, the one with the greater id counts. */
    private void setUpTwo() throws StripeException {
        String one = open();
        String other = open();
        scene.sandbox.clock().advance(Duration.ofSeconds(2));
        String first = pay(one);
        String second = pay(other);
        told.add("set up in one second " + first);
        chosen("and", second);
        last = first.compareTo(second) > 0 ? first : second;
    }

    private String open() throws StripeException {
        String session = scene.openSetup(link.stripeCustomerId());
        scene.wish(Kind.READ_SESSION, session);
        meet();
        scene.own(session, link);
        return session;
    }

    private String pay(String session) throws StripeException {
        HostedPage.of(scene.sandbox, session).pay(HostedPage.GOOD_CARD);
        String method = scene.stripe()
                .v1()
                .setupIntents()
                .retrieve(scene.session(session, "setup_intent_id"))
                .getPaymentMethod();
        attached.add(method);
        return method;
    }

    private void chosen(String how, String method) {
        last = method;
        told.add(how + " " + method);
    }

    private void chooseAtStripe() throws StripeException {
        String method = attached.isEmpty() ? null : any(attached);
        if (method == null || method.equals(atStripe())) {
            return;
        }
        CustomerUpdateParams params = CustomerUpdateParams.builder()
                .setInvoiceSettings(CustomerUpdateParams.InvoiceSettings.builder()
                        .setDefaultPaymentMethod(method)
                        .build())
                .build();
        assertThat(scene.stripe()
                        .v1()
                        .customers()
                        .update(link.stripeCustomerId(), params)
                        .getId())
                .isNotNull();
        chosen("chosen at Stripe", method);
    }

    private void detach() throws StripeException {
        if (!attached.isEmpty()) {
            String method = any(attached);
            assertThat(scene.stripe().v1().paymentMethods().detach(method).getCustomer())
                    .isNull();
            attached.remove(method);
            told.add("detached " + method);
        }
    }

    private <T> T any(List<T> of) {
        return of.get(chance.nextInt(of.size()));
    }

    private void deliverOne() {
        if (!undelivered.isEmpty()) {
            JsonObject event = undelivered.remove(chance.nextInt(undelivered.size()));
            delivered.add(event);
            scene.hear(event);
            told.add("heard " + event.getString("type") + " of " + event.getLong("created"));
        }
    }

    private void deliverAgain() {
        if (!delivered.isEmpty()) {
            JsonObject event = any(delivered);
            scene.replay(event);
            told.add("heard again " + event.getString("type") + " of " + event.getLong("created"));
        }
    }

    private void meet() {
        told.add("met: " + scene.meet());
    }

    private void meetWithoutLuck() {
        switch (chance.nextInt(4)) {
            case 0 -> scene.sandbox.faults().once("POST", CUSTOMER, Effect.dropAfter());
            case 1 -> scene.sandbox.faults().once("POST", CUSTOMER, Effect.dropBefore());
            case 2 -> scene.sandbox.faults().once("GET", "/v1/events", Effect.status(403));
            default -> scene.sandbox.faults().once("GET", CUSTOMER, Effect.unavailable());
        }
        meet();
        scene.sandbox.faults().clear();
    }

    /** Everything arrives in the end, and what that calls for is done. */
    void end() throws StripeException {
        do {
            scene.sandbox.clock().advance(Duration.ofSeconds(2));
            while (!undelivered.isEmpty()) {
                deliverOne();
            }
            scene.meetAll();
            listen();
        } while (!undelivered.isEmpty());
    }

    /** Stripe's events of this customer that are new since the last time. */
    private void listen() throws StripeException {
        String page = scene.stripe()
                .v1()
                .events()
                .list(EventListParams.builder().setLimit(100L).build())
                .getLastResponse()
                .body();
        new JsonObject(page)
                .getJsonArray("data").stream()
                        .map(JsonObject.class::cast)
                        .filter(event -> event.encode().contains(link.stripeCustomerId()))
                        .filter(event -> seen.add(event.getString("id")))
                        .forEach(undelivered::add);
    }

    @Nullable
    String atStripe() throws StripeException {
        return scene.stripe()
                .v1()
                .customers()
                .retrieve(link.stripeCustomerId())
                .getInvoiceSettings()
                .getDefaultPaymentMethod();
    }
}
