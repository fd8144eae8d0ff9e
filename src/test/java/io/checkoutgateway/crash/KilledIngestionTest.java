package io.checkoutgateway.crash;

import static io.checkoutgateway.testing.HostedPage.GOOD_CARD;
import static io.checkoutgateway.testing.HostedPage.POOR_CARD;
import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.param.checkout.SessionCreateParams;
import io.checkoutgateway.crash.CrashSite.Request;
import io.checkoutgateway.sandbox.events.Delivery;
import io.checkoutgateway.sandbox.events.DeliveryMode;
import io.checkoutgateway.testing.HostedPage;
import io.checkoutgateway.testing.Selling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * The process dies again and again while sessions of ours and of other services end, with deliveries that come twice, in
 * any order and late. Afterwards every row says what Stripe says, member by member. {@code -Dcrash.ingestion.kills=50}
 * for more, {@code -Dcrash.seed=…} for others.
 */
class KilledIngestionTest {
    private static final int KILLS = Integer.getInteger("crash.ingestion.kills", 3);
    private static final long COMMITTED_SEED = 20_261_122L;
    private static final int SESSIONS_PER_LIFE = 4;
    private static final int LIFE_MILLIS_MAX = 300;
    private static final DeliveryMode UNKIND = new DeliveryMode(true, 0.4, 0, Duration.ofMillis(150));

    @Test
    void kill_whileSessionsEnd_everyRowEndsAsStripeSays() throws StripeException {
        long seed = Long.getLong("crash.seed", COMMITTED_SEED);
        System.out.println("crash.seed=" + seed);
        Random random = new Random(seed);

        try (CrashSite site = new CrashSite()) {
            site.sandbox().deliveries().mode(UNKIND);
            String regular = site.customer();
            String newest = "";
            for (int kill = 0; kill < KILLS; kill++) {
                List<CompletableFuture<?>> ends = endAll(site, random, open(site));
                String card = leaveCard(site, regular);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(LIFE_MILLIS_MAX)));
                site.gateway().kill();
                CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).join();
                site.restart();
                newest = card;
            }
            deliverWhatIsMissing(site);
            site.endPauses();

            site.truth().agree();
            site.ledgers().agree();
            assertThat(site.database()
                            .rows("SELECT default_payment_method_id FROM checkout_gateway.stripe_customer_links"
                                    + " WHERE customer_id = '" + regular + "'"))
                    .as("what the customer set up last, as Stripe holds it too")
                    .containsExactly(List.of(newest));
            assertHistoriesAreWhole(site);
        }
    }

    /** A card of a customer who comes again with each life; which of two of one second was the last, only Stripe knows. */
    private static String leaveCard(CrashSite site, String customer) throws StripeException {
        site.sandbox().clock().advance(Duration.ofSeconds(2));
        Request request = new Request(customer, UUID.randomUUID().toString());
        String session = site.send(request).join().expect(201).json().getString("session_id");
        assertThat(HostedPage.of(site.sandbox(), session).pay(GOOD_CARD)).isLessThan(500);
        String intent = site.anotherService()
                .v1()
                .checkout()
                .sessions()
                .retrieve(session)
                .getSetupIntent();
        return site.anotherService().v1().setupIntents().retrieve(intent).getPaymentMethod();
    }

    /** Sessions of ours, and another service's of both other kinds. */
    private static List<String> open(CrashSite site) throws StripeException {
        List<String> opened = new ArrayList<>();
        for (int i = 0; i < SESSIONS_PER_LIFE; i++) {
            Request request = site.request();
            opened.add(site.send(request).join().expect(201).json().getString("session_id"));
            opened.add(theirs(site, SessionCreateParams.Mode.SETUP));
            opened.add(theirs(site, SessionCreateParams.Mode.PAYMENT));
        }
        return opened;
    }

    private static String theirs(CrashSite site, SessionCreateParams.Mode mode) throws StripeException {
        return site.anotherService()
                .v1()
                .checkout()
                .sessions()
                .create(Selling.any(mode).build())
                .getId();
    }

    /** Each ends in its own way: expired, paid at once, or paid after a declined card. */
    private static List<CompletableFuture<?>> endAll(CrashSite site, Random random, List<String> sessions) {
        List<CompletableFuture<?>> ends = new ArrayList<>();
        for (String session : sessions) {
            int way = random.nextInt(3);
            ends.add(CompletableFuture.runAsync(() -> end(site, session, way)));
        }
        return ends;
    }

    private static void end(CrashSite site, String session, int way) {
        if (way == 0) {
            expire(site, session);
            return;
        }
        HostedPage page = HostedPage.of(site.sandbox(), session);
        if (way == 1) {
            assertThat(page.pay(POOR_CARD)).isLessThan(500);
        }
        assertThat(page.pay(GOOD_CARD)).isLessThan(500);
    }

    private static void expire(CrashSite site, String session) {
        try {
            assertThat(site.anotherService()
                            .v1()
                            .checkout()
                            .sessions()
                            .expire(session)
                            .getStatus())
                    .isEqualTo("expired");
        } catch (StripeException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stripe tries for hours; here the next try is now. */
    private static void deliverWhatIsMissing(CrashSite site) {
        site.sandbox().deliveries().mode(DeliveryMode.kind());
        site.sandbox().deliveries().all().stream()
                .filter(delivery -> delivery.state() != Delivery.State.DELIVERED)
                .map(Delivery::eventId)
                .distinct()
                .toList()
                .forEach(event -> site.sandbox().deliveries().redeliver(event));
    }

    private static void assertHistoriesAreWhole(CrashSite site) {
        assertThat(
                        site.database()
                                .rows(
                                        """
                        SELECT session_id FROM checkout_gateway.checkout_session_transitions
                        GROUP BY session_id HAVING max(sequence) <> count(*) OR min(sequence) <> 1
                        """))
                .as("sessions with a gap in their history")
                .isEmpty();
        assertThat(site.database()
                        .rows("SELECT event_id FROM checkout_gateway.stripe_events WHERE state = 'quarantined'"))
                .as("events set aside")
                .isEmpty();
    }
}
