package io.checkoutgateway.sandbox.pages;

import io.checkoutgateway.sandbox.events.Deliveries;
import io.checkoutgateway.sandbox.resources.CheckoutSessions;
import io.checkoutgateway.sandbox.resources.Completion;
import io.checkoutgateway.sandbox.resources.Completion.Outcome;
import io.checkoutgateway.sandbox.resources.Due;
import io.checkoutgateway.sandbox.resources.LineItems;
import io.checkoutgateway.sandbox.wire.BracketForm;
import io.checkoutgateway.sandbox.wire.StripeError;
import io.checkoutgateway.sandbox.world.Account;
import io.checkoutgateway.sandbox.world.Kind;
import io.checkoutgateway.sandbox.world.World;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers {@code /c/pay/…}, {@code /r/…} and {@code /p/…}: what a browser sees of a session. */
public final class CheckoutPages {
    private static final Pattern PAY = Pattern.compile("/c/pay/([A-Za-z0-9_]+)(/challenge)?");
    private static final Pattern RECOVER = Pattern.compile("/r/([A-Za-z0-9_]+)");

    /** Written into an address by the merchant, replaced by the id when the customer is sent there. */
    private static final String PLACEHOLDER = "{CHECKOUT_SESSION_ID}";

    private final Vertx vertx;
    private final World world;
    private final CheckoutSessions sessions;
    private final LineItems lineItems;
    private final Completion completion;
    private final Deliveries deliveries;
    private final Duration longestWait;
    private final Runnable housekeeping;

    /**
     * The pages.
     *
     * @param longestWait how long, in real time, a customer waits for the merchant's webhook before he is sent on
     * @param housekeeping run before each page, so that no page is offered past its time
     */
    public CheckoutPages(
            Vertx vertx,
            World world,
            CheckoutSessions sessions,
            LineItems lineItems,
            Completion completion,
            Deliveries deliveries,
            Duration longestWait,
            Runnable housekeeping) {
        this.vertx = vertx;
        this.world = world;
        this.sessions = sessions;
        this.lineItems = lineItems;
        this.completion = completion;
        this.deliveries = deliveries;
        this.longestWait = longestWait;
        this.housekeeping = housekeeping;
    }

    /** Whether the path is one of these pages. */
    public boolean owns(String path) {
        return path.startsWith("/c/") || path.startsWith("/r/") || path.startsWith("/p/");
    }

    /** Answers one request whose body has arrived. */
    public void handle(HttpServerRequest request, Buffer body) {
        housekeeping.run();
        Matcher recover = RECOVER.matcher(request.path());
        if (recover.matches()) {
            recover(request, recover.group(1));
            return;
        }
        if (request.path().startsWith("/p/")) {
            Page.of(200, Html.message("Billing portal", "The sandbox has no portal; this is where it would be.", ""))
                    .send(request);
            return;
        }
        Matcher pay = PAY.matcher(request.path());
        Optional<Visit> visit = pay.matches() ? visit(pay.group(1)) : Optional.empty();
        if (visit.isEmpty()) {
            Page.of(404, Html.message("Nothing here", "This page does not exist. Check the link.", ""))
                    .send(request);
        } else if (!visit.get().isOpen()) {
            closed(request, visit.get().session);
        } else if (pay.group(2) != null) {
            challenge(request, body, visit.get());
        } else {
            checkout(request, body, visit.get());
        }
    }

    /** Where the customer goes once a session is complete; empty when nowhere. */
    public static Optional<String> destination(JsonObject session) {
        String url = session.getString("success_url");
        // Nothing a customer can pay with here needs a redirect, so "if_required" is "never".
        if (url == null && session.getString("redirect_on_completion", "always").equals("always")) {
            url = session.getString("return_url");
        }
        return Optional.ofNullable(url).map(target -> target.replace(PLACEHOLDER, session.getString("id")));
    }

    private Optional<Visit> visit(String id) {
        return world.ownerOf(Kind.SESSION, id)
                .flatMap(account -> account.all(Kind.SESSION).find(id).map(session -> new Visit(account, session)));
    }

    private void checkout(HttpServerRequest request, Buffer body, Visit visit) {
        if (request.method().name().equals("GET")) {
            show(
                    request,
                    visit,
                    200,
                    PaymentForm.blank(visit.session, world.clock().instant()),
                    null);
            return;
        }
        Optional<Map<String, Object>> fields = fields(body);
        if (fields.isEmpty()) {
            Page.of(400, Html.message("That did not work", "The form could not be read.", ""))
                    .send(request);
            return;
        }
        PaymentForm form =
                PaymentForm.sent(fields.get(), visit.session, world.clock().instant());
        if (!form.isValid()) {
            show(request, visit, 422, form, null);
            return;
        }
        Outcome outcome = Due.asksForMethod(visit.session)
                ? completion.pay(visit.account, visit.session, form.payment(), form.consent())
                : completion.confirm(visit.account, visit.session, form.payer(), form.consent());
        follow(request, visit, outcome, form);
    }

    private void challenge(HttpServerRequest request, Buffer body, Visit visit) {
        if (!completion.isChallenged(visit.account, visit.session)) {
            Page.redirect("/c/pay/" + visit.session.getString("id")).send(request);
            return;
        }
        if (request.method().name().equals("GET")) {
            Page.of(200, ChallengeHtml.render(visit.session))
                    .with(policy(visit.session))
                    .send(request);
            return;
        }
        boolean passed = fields(body)
                .map(fields -> "complete".equals(fields.get("outcome")))
                .orElse(false);
        Outcome outcome = completion.challenged(visit.account, visit.session, passed);
        follow(
                request,
                visit,
                outcome,
                PaymentForm.blank(visit.session, world.clock().instant()));
    }

    private void follow(HttpServerRequest request, Visit visit, Outcome outcome, PaymentForm form) {
        if (outcome instanceof Outcome.Refused refused) {
            show(request, visit, 402, form, refused.refusal().message());
        } else if (outcome instanceof Outcome.Completed completed) {
            acknowledged(completed.eventId()).onSuccess(waited -> leave(request, visit.session));
        } else {
            Page.redirect("/c/pay/" + visit.session.getString("id") + "/challenge")
                    .send(request);
        }
    }

    /** Stripe holds the customer back until the merchant has answered the event, or too long has passed. */
    private Future<Void> acknowledged(String eventId) {
        Future<Void> answered = deliveries.firstAnswers(eventId);
        if (answered.isComplete()) {
            return Future.succeededFuture();
        }
        Future<Void> tired = vertx.timer(Math.max(longestWait.toMillis(), 1), TimeUnit.MILLISECONDS)
                .mapEmpty();
        return Future.any(answered, tired).transform(either -> Future.succeededFuture());
    }

    private static void leave(HttpServerRequest request, JsonObject session) {
        destination(session)
                .map(Page::redirect)
                .orElseGet(() -> Page.of(200, thanks(session)))
                .send(request);
    }

    private static void closed(HttpServerRequest request, JsonObject session) {
        if (session.getString("status").equals("complete")) {
            Page.of(200, thanks(session)).send(request);
            return;
        }
        String text = "This checkout session has expired. Go back to the shop to start again.";
        String link = Html.link(session.getString("cancel_url"), "Back to the shop");
        Page.of(410, Html.message("Session expired", text, link)).send(request);
    }

    private static String thanks(JsonObject session) {
        String link =
                destination(session).map(url -> Html.link(url, "Continue")).orElse("");
        return Html.message("All done", "Your details were saved. You can close this page.", link);
    }

    private void show(HttpServerRequest request, Visit visit, int status, PaymentForm form, @Nullable String alert) {
        List<JsonObject> items = lineItems.items(visit.account, visit.session.getString("id"));
        Page.of(status, new CheckoutHtml(visit.session, items, form).render(alert))
                .with(policy(visit.session))
                .send(request);
    }

    private void recover(HttpServerRequest request, String id) {
        Optional<JsonObject> revived = visit(id)
                .filter(visit -> visit.recoverableAt(world.clock().seconds()))
                .map(visit -> sessions.recover(visit.account, visit.session));
        revived.map(session -> Page.redirect("/c/pay/" + session.getString("id")))
                .orElseGet(
                        () -> Page.of(410, Html.message("Link expired", "This recovery link is no longer valid.", "")))
                .send(request);
    }

    private static Optional<Map<String, Object>> fields(Buffer body) {
        try {
            return Optional.of(BracketForm.parse(body.toString()));
        } catch (StripeError malformed) {
            return Optional.empty();
        }
    }

    private static String policy(JsonObject session) {
        String target =
                destination(session).map(URI::create).map(CheckoutPages::origin).orElse("");
        return Html.policy(target, !session.getString("ui_mode").equals("hosted_page"));
    }

    private static String origin(URI address) {
        return address.getScheme() + "://" + address.getRawAuthority();
    }

    private record Visit(Account account, JsonObject session) {
        private boolean isOpen() {
            return "open".equals(session.getString("status"));
        }

        private boolean recoverableAt(long now) {
            JsonObject after = session.getJsonObject("after_expiration");
            JsonObject recovery = after == null ? null : after.getJsonObject("recovery");
            Long until = recovery == null ? null : recovery.getLong("expires_at");
            return until != null && until > now;
        }
    }
}
