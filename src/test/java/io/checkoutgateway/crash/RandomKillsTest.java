package io.checkoutgateway.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.crash.CrashSite.Request;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.testing.ContractClient.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Kills the process at moments that nobody chose, with creates of all ages under way and a Stripe that fails now and
 * then. {@code -Dcrash.kills=200 -Dcrash.seed=…} sets how often, and repeats a run as far as chance allows: the seed
 * decides the moments, not the speed of the machine.
 */
@Tag("slow")
class RandomKillsTest {
    private static final int KILLS = Integer.getInteger("crash.kills", 25);
    private static final int CREATES_PER_LIFE = 6;

    /** A create takes some tens of milliseconds; several times that also meets what comes after it. */
    private static final int LIFE_MILLIS_MAX = 400;

    @Test
    void kill_atAnyMoment_everyRequestEndsInOneSession() {
        long seed = Long.getLong("crash.seed", System.nanoTime());
        System.out.println("crash.seed=" + seed + " crash.kills=" + KILLS);
        Random random = new Random(seed);
        List<Request> requests = new ArrayList<>();

        try (CrashSite site = new CrashSite()) {
            for (int kill = 0; kill < KILLS; kill++) {
                requests.addAll(liveAndDie(site, random));
                site.restart();
            }
            site.sandbox().faults().clear();
            site.endPauses();

            site.ledgers().agree();
            for (Request request : requests) {
                assertOneSession(site, request, seed);
            }
            site.ledgers().agree();
        }
    }

    private static List<Request> liveAndDie(CrashSite site, Random random) {
        List<Request> requests = new ArrayList<>();
        for (int create = 0; create < CREATES_PER_LIFE; create++) {
            requests.add(site.request());
        }
        site.sandbox().faults().clear();
        misfortune(site, random);
        requests.forEach(request -> site.send(request).exceptionally(died -> null));
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(LIFE_MILLIS_MAX)));
        site.gateway().kill();
        return requests;
    }

    private static void misfortune(CrashSite site, Random random) {
        List<Effect> effects = List.of(
                Effect.dropAfter(),
                Effect.dropBefore(),
                Effect.serverError(),
                Effect.delayAfter(Duration.ofMillis(200)),
                Effect.delayBefore(Duration.ofMillis(200)),
                Effect.lockTimeout(),
                Effect.malformedBody());
        for (String path : List.of("/v1/customers", "/v1/checkout/sessions")) {
            site.sandbox()
                    .faults()
                    .add(
                            "POST",
                            path,
                            random.nextInt(4),
                            1 + random.nextInt(2),
                            effects.get(random.nextInt(effects.size())));
        }
    }

    private static void assertOneSession(CrashSite site, Request request, long seed) {
        Answer answer = site.repeatUntilDone(request);
        assertThat(site.sandbox().ledger().sessionsWithMetadata("om_customer_id", request.customer()))
                .as("open sessions of one request, seed " + seed)
                .filteredOn(session -> session.isOpen())
                .singleElement()
                .satisfies(session ->
                        assertThat(session.id()).isEqualTo(answer.json().getString("session_id")));
    }
}
