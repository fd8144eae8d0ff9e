package io.checkoutgateway.checkout;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which of two states of one object is the later one. The answer follows from what the states say, not from
 * when they arrived, so that deliveries in any order end in the same row.
 *
 * <ol>
 *   <li>A final state is later than one that is not: Stripe never reopens a session.
 *   <li>Else the one that was true at a later second.
 *   <li>Else, in the same second, the one further along in its life.
 * </ol>
 *
 * Source: Stripe, "Receive Stripe events": deliveries are at least once and in no order; times have whole seconds.
 */
final class StateOrder {
    private static final Set<String> PAID = Set.of("paid", "no_payment_required");
    private static final Set<String> FINAL_SETUP = Set.of("succeeded", "canceled");

    private StateOrder() {}

    /** Whether the incoming state of a session replaces the one known. */
    static boolean replaces(
            @Nullable StripeSession known, @Nullable Instant knownAsOf, StripeSession incoming, Instant asOf) {
        if (known == null || knownAsOf == null) {
            return true;
        }
        return later(rank(incoming), asOf, rank(known), knownAsOf);
    }

    /** Whether the incoming state of a SetupIntent replaces the one known. */
    static boolean replaces(
            @Nullable SetupIntent known, @Nullable Instant knownAsOf, SetupIntent incoming, Instant asOf) {
        if (known == null || knownAsOf == null || known.status() == null) {
            return true;
        }
        return later(rank(incoming), asOf, rank(known), knownAsOf);
    }

    /** A rank's tens order lives (not final, final), its units order what happens within one second. */
    private static boolean later(int rank, Instant asOf, int knownRank, Instant knownAsOf) {
        int byFinality = Integer.compare(rank / 10, knownRank / 10);
        if (byFinality != 0) {
            return byFinality > 0;
        }
        int byTime = Long.compare(asOf.getEpochSecond(), knownAsOf.getEpochSecond());
        return byTime != 0 ? byTime > 0 : rank >= knownRank;
    }

    private static int rank(StripeSession session) {
        int finality = session.status().terminal() ? 10 : 0;
        String payment = session.paymentStatus();
        return finality + (payment != null && PAID.contains(payment) ? 1 : 0);
    }

    private static int rank(SetupIntent intent) {
        String status = intent.status();
        if (status == null) {
            return -1;
        }
        if (FINAL_SETUP.contains(status)) {
            return 10;
        }
        return switch (status) {
            case "processing" -> 5;
            case "requires_action" -> 3;
            case "requires_confirmation" -> 2;
            // Back at the start with an error is later than the attempt that failed.
            default -> intent.lastError() == null ? 1 : 4;
        };
    }
}
