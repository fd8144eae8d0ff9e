package io.checkoutgateway.mirror;

import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.checkout.StripeSession;
import io.checkoutgateway.failure.Failures;
import io.checkoutgateway.mirror.Finding.Suspect;
import io.checkoutgateway.mirror.MirrorSessions.Kept;
import io.checkoutgateway.mirror.MirrorSessions.Known;
import io.checkoutgateway.mirror.MirrorSessions.Unlisted;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares a page of Stripe's sessions with the rows of the same stretch of time. Writes nothing but suspects. */
final class Comparison implements Step {
    private static final Logger LOG = LoggerFactory.getLogger(Comparison.class);

    private final StripeHistory history;
    private final MirrorSessions sessions;

    Comparison(StripeHistory history, MirrorSessions sessions) {
        this.history = history;
        this.sessions = sessions;
    }

    @Override
    public Future<Window.Page> page(StripeApp app, Window window) {
        return history.sessions(app, window.range(), window.after())
                .map(listed -> ListedPage.of(window, listed))
                .compose(page -> {
                    List<StripeSession> listed = page.entries().stream()
                            .map(ListedPage.Entry::session)
                            .toList();
                    Future<Known> known = sessions.known(app, listed);
                    Future<Unlisted> unlisted = unlisted(app, window, page);
                    return Future.join(known, unlisted).map(both -> result(page, known.result(), unlisted.result()));
                });
    }

    /** The rows between the last session of this page and that of the page before. */
    private Future<Unlisted> unlisted(StripeApp app, Window window, ListedPage page) {
        Window.Place before = window.place();
        Window.Place next = page.next();
        Instant to = after(before, window.range().to());
        Instant from = after(
                next,
                window.range().from() == null ? Instant.EPOCH : window.range().from());
        Set<String> listed = new HashSet<>(page.ids());
        if (before != null) {
            listed.addAll(before.idsOfSecond());
        }
        return from.isBefore(to)
                ? sessions.unlisted(app, from, to, listed)
                : Future.succeededFuture(new Unlisted(0, Map.of()));
    }

    /** The second after the place, or the end of the window where there is none. */
    private static Instant after(Window.@Nullable Place place, Instant end) {
        return place == null || place.second() == null ? end : place.second().plusSeconds(1);
    }

    private static Window.Page result(ListedPage page, Known known, Unlisted unlisted) {
        List<Suspect> suspects = new ArrayList<>();
        long unreadable = page.unreadable()
                + page.entries().stream()
                        .filter(entry -> !compare(entry, known, suspects))
                        .count();
        Tally tally = suspects.stream()
                .map(suspect -> Tally.of(suspect.kind(), 1))
                .reduce(Tally.unreadable(unreadable), Tally::plus)
                .plus(Tally.of(Finding.Kind.MISSING_AT_STRIPE, unlisted.count()));
        unlisted.some()
                .forEach((stripeId, id) ->
                        suspects.add(new Suspect(stripeId, id, Finding.Kind.MISSING_AT_STRIPE, List.of())));
        return new Window.Page(page.next(), page.ids().size(), tally, suspects, List.of());
    }

    /** Tells whether it could be: one that cannot must not keep the others from it. */
    private static boolean compare(ListedPage.Entry entry, Known known, List<Suspect> suspects) {
        try {
            suspect(entry, known).ifPresent(suspects::add);
            return true;
        } catch (RuntimeException e) {
            Failures.note(
                            LOG.atWarn()
                                    .addKeyValue(
                                            "stripe_session", entry.session().id()),
                            e)
                    .log("a session at Stripe could not be compared");
            return false;
        }
    }

    private static Optional<Suspect> suspect(ListedPage.Entry entry, Known known) {
        String stripeId = entry.session().id();
        Kept kept = known.rows().get(stripeId);
        if (kept == null) {
            return known.leftAlone().contains(stripeId)
                    ? Optional.empty()
                    : Optional.of(new Suspect(stripeId, null, Finding.Kind.MISSING_HERE, List.of()));
        }
        List<String> fields = Differences.of(kept, entry);
        return fields.isEmpty()
                ? Optional.empty()
                : Optional.of(new Suspect(stripeId, kept.session().id(), Finding.Kind.DIFFERS, fields));
    }
}
