package io.checkoutgateway.mirror;

import io.checkoutgateway.checkout.Members;
import io.checkoutgateway.checkout.Payment;
import io.checkoutgateway.checkout.SetupIntent;
import io.checkoutgateway.checkout.StripeSession;
import io.checkoutgateway.failure.Failures;
import io.checkoutgateway.mirror.StripeHistory.Listed;
import io.checkoutgateway.mirror.Window.Place;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A page of Stripe's sessions, understood as far as possible.
 *
 * @param unreadable how many could not be understood
 * @param next where the next page begins; {@code null} after the last
 * @param ids of all sessions of the page, readable or not
 * @param asOf just before the reading, by Stripe's clock
 */
record ListedPage(List<Entry> entries, int unreadable, @Nullable Place next, Set<String> ids, Instant asOf) {
    private static final Logger LOG = LoggerFactory.getLogger(ListedPage.class);

    /** A session and, in setup mode, its SetupIntent; else what it is paid through, if the key may read that. */
    record Entry(StripeSession session, @Nullable SetupIntent setupIntent, @Nullable Payment payment) {}

    static ListedPage of(Window window, Listed listed) {
        List<Entry> entries = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (JsonObject object : listed.objects()) {
            ids.add(idOf(object));
            try {
                entries.add(entry(object, listed.asOf()));
            } catch (RuntimeException e) {
                Failures.note(
                                LOG.atWarn()
                                        .addKeyValue("run", window.runId())
                                        .addKeyValue("stripe_session", idOf(object)),
                                e)
                        .log("a session at Stripe could not be read");
            }
        }
        int unreadable = listed.objects().size() - entries.size();
        return new ListedPage(entries, unreadable, next(window.place(), listed), ids, listed.asOf());
    }

    private static Entry entry(JsonObject object, Instant asOf) {
        SetupIntent intent =
                object.getValue("setup_intent") instanceof JsonObject expanded ? SetupIntent.of(expanded) : null;
        return new Entry(
                StripeSession.of(object).seenAt(asOf),
                intent,
                Payment.in(object).orElse(null));
    }

    /** Sessions of one second may lie on two pages, so all that were seen of the last second are remembered. */
    private static @Nullable Place next(@Nullable Place before, Listed listed) {
        if (!listed.more() || listed.objects().isEmpty()) {
            return null;
        }
        List<JsonObject> named = listed.objects().stream()
                .filter(object -> Members.text(object, "id") != null)
                .toList();
        if (named.isEmpty()) {
            throw new IllegalArgumentException("Stripe's page names no session after which the next one begins");
        }
        JsonObject last = named.get(named.size() - 1);
        Instant second = secondOf(named, before);
        Stream<String> here = named.stream()
                .filter(object -> Objects.equals(createdOf(object), second))
                .map(ListedPage::idOf);
        Stream<String> earlier = before != null && Objects.equals(second, before.second())
                ? before.idsOfSecond().stream()
                : Stream.empty();
        return new Place(idOf(last), second, Stream.concat(earlier, here).toList());
    }

    /** That of the last session which says when it was created; none when neither this page nor those before have one. */
    private static @Nullable Instant secondOf(List<JsonObject> named, @Nullable Place before) {
        Instant second = before == null ? null : before.second();
        for (JsonObject object : named) {
            Instant created = createdOf(object);
            second = created == null ? second : created;
        }
        return second;
    }

    private static String idOf(JsonObject object) {
        return String.valueOf(object.getValue("id"));
    }

    private static @Nullable Instant createdOf(JsonObject object) {
        return Members.time(object, "created");
    }
}
