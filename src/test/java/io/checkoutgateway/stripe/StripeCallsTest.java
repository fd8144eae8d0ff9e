package io.checkoutgateway.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.ApiException;
import com.stripe.exception.AuthenticationException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.PermissionException;
import com.stripe.exception.RateLimitException;
import com.stripe.exception.StripeException;
import com.stripe.model.StripeError;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.failure.StripeFailure.Effect;
import io.checkoutgateway.limits.Share;
import io.checkoutgateway.settings.Secret;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.testing.Patience;
import io.checkoutgateway.testing.TestGateway;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StripeCallsTest {
    private static final String OPERATION = "POST /v1/things";

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() {
        TestGateway.await(vertx.close());
    }

    private StripeCalls calls(String... settings) {
        Map<String, String> values = new HashMap<>(Map.of(
                "DATABASE_URL", "postgresql://none@localhost/none",
                "STRIPE_API_KEY", "sk_test_none",
                "STRIPE_REQUESTS_PER_SECOND", "1000",
                "STRIPE_OPERATION_REQUESTS_PER_SECOND", "1000",
                "STRIPE_BACKGROUND_REQUESTS_PER_SECOND", "1000",
                "STRIPE_RETRIES", "0"));
        for (int i = 0; i < settings.length; i += 2) {
            values.put(settings[i], settings[i + 1]);
        }
        return new StripeCalls(vertx, Settings.of(values).stripe(), new SimpleMeterRegistry());
    }

    /** The same, whose first worker is there: a thread that must be made first could miss a short deadline. */
    private StripeCalls warm(String... settings) {
        StripeCalls calls = calls(settings);
        String answer = TestGateway.await(calls.run("acct", "warm", timeout -> "up"));
        assertThat(answer).isEqualTo("up");
        return calls;
    }

    private static StripeFailure failureOf(Future<?> call) {
        Throwable failure = call.transform(done -> Future.<Throwable>succeededFuture(done.cause()))
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        assertThat(failure).isInstanceOf(StripeFailure.class);
        return (StripeFailure) failure;
    }

    /** A machine that stands still for as long as a short deadline makes another story of it, which is told anew. */
    private static void unlessTheMachineStandsStill(ThrowingRunnable story) {
        Awaitility.await().ignoreExceptions().untilAsserted(story);
    }

    /** A call that holds its worker until the test lets it go. */
    private static StripeCalls.Call<String> blocked(CountDownLatch release) {
        return timeout -> {
            awaitUninterruptibly(release);
            return "done";
        };
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertThat(latch.await(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void run_manyCalls_allWorkersAtOnceAndNeverMore() {
        StripeCalls calls = calls("STRIPE_WORKERS", "3", "STRIPE_QUEUE", "9");
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CyclicBarrier threeTogether = new CyclicBarrier(3);
        List<Future<Integer>> all = new ArrayList<>();

        for (int call = 0; call < 12; call++) {
            all.add(calls.run("acct", OPERATION, timeout -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                together(threeTogether);
                return now.decrementAndGet();
            }));
        }

        TestGateway.await(Future.all(all));
        assertThat(most.get()).isEqualTo(3);
    }

    private static void together(CyclicBarrier barrier) {
        try {
            barrier.await(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the others never came", e);
        }
    }

    @Test
    void run_slowCallOfTheSameContext_doesNotHoldUpTheNext() {
        StripeCalls calls = calls("STRIPE_WORKERS", "2");
        CountDownLatch release = new CountDownLatch(1);
        List<Future<String>> slow = new CopyOnWriteArrayList<>();
        Future<String> quick = Future.future(promise -> vertx.runOnContext(turn -> {
            slow.add(calls.run("acct", OPERATION, blocked(release)));
            calls.run("acct", OPERATION, timeout -> "quick").onComplete(promise);
        }));

        assertThat(TestGateway.await(quick)).isEqualTo("quick");
        assertThat(slow.get(0).isComplete()).isFalse();
        release.countDown();
    }

    @Test
    void run_workersAndQueueFull_isBusyAtOnceUntilThereIsRoom() {
        StripeCalls calls = calls("STRIPE_WORKERS", "1", "STRIPE_QUEUE", "1");
        CountDownLatch release = new CountDownLatch(1);
        Future<String> working = calls.run("acct", OPERATION, blocked(release));
        assertThat(calls.hasRoom()).isTrue();
        Future<String> waiting = calls.run("acct", OPERATION, blocked(release));

        assertThat(calls.hasRoom()).isFalse();
        Future<String> refused = calls.run("acct", OPERATION, timeout -> "too many");

        assertThat(refused.failed()).isTrue();
        assertThat(failureOf(refused).reason()).isEqualTo(Reason.STRIPE_BUSY);
        assertThat(failureOf(refused).effect()).isEqualTo(Effect.NONE);
        release.countDown();
        TestGateway.await(Future.all(working, waiting));
        assertThat(calls.hasRoom()).isTrue();
    }

    @Test
    void run_deadlinePassesInTheQueue_isNeverSent() {
        unlessTheMachineStandsStill(() -> {
            StripeCalls calls = warm("STRIPE_WORKERS", "1", "STRIPE_DEADLINE", "PT0.5S");
            CountDownLatch release = new CountDownLatch(1);
            AtomicInteger sent = new AtomicInteger();
            Future<String> working = calls.run("acct", OPERATION, blocked(release));

            StripeFailure late = failureOf(calls.run("acct", OPERATION, timeout -> sent.incrementAndGet()));

            assertThat(late.reason()).isEqualTo(Reason.STRIPE_BUSY);
            assertThat(late.effect()).isEqualTo(Effect.NONE);
            assertThat(failureOf(working).effect()).isEqualTo(Effect.UNKNOWN);
            release.countDown();
            TestGateway.await(calls.close());
            assertThat(sent.get()).isZero();
        });
    }

    @Test
    void run_deadlinePassesAtWork_outcomeIsUnknownAndTheWorkerStaysTaken() {
        unlessTheMachineStandsStill(() -> {
            StripeCalls calls = warm("STRIPE_WORKERS", "1", "STRIPE_QUEUE", "0", "STRIPE_DEADLINE", "PT0.5S");
            CountDownLatch release = new CountDownLatch(1);

            StripeFailure late = failureOf(calls.run("acct", OPERATION, blocked(release)));

            assertThat(late.reason()).isEqualTo(Reason.STRIPE_TIMEOUT);
            assertThat(late.effect()).isEqualTo(Effect.UNKNOWN);
            assertThat(calls.hasRoom()).isFalse();
            release.countDown();
        });
    }

    @Test
    void run_deadlineShorterThanTheReadTimeout_isHandedToTheCall() {
        StripeCalls calls = calls("STRIPE_READ_TIMEOUT", "PT10S", "STRIPE_DEADLINE", "PT5S");

        Integer handed = TestGateway.await(calls.run("acct", OPERATION, timeout -> timeout));

        assertThat(handed).isBetween(1, 5_000);
    }

    private static StripeException withType(StripeException exception, String type) {
        StripeError error = new StripeError();
        error.setType(type);
        error.setMessage("said so");
        exception.setStripeError(error);
        return exception;
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                argumentSet(
                        "not connected",
                        new ApiConnectionException("x", new ConnectException("refused")),
                        2,
                        Reason.STRIPE_UNREACHABLE,
                        Effect.NONE),
                argumentSet(
                        "no answer",
                        new ApiConnectionException("x", new SocketTimeoutException("late")),
                        2,
                        Reason.STRIPE_TIMEOUT,
                        Effect.UNKNOWN),
                argumentSet(
                        "429",
                        new RateLimitException("x", null, null, "rate_limit", 429, null),
                        2,
                        Reason.STRIPE_RATE_LIMITED,
                        Effect.NONE),
                argumentSet(
                        "409", new ApiException("x", null, null, 409, null), 2, Reason.STRIPE_TIMEOUT, Effect.UNKNOWN),
                argumentSet(
                        "500", new ApiException("x", null, null, 500, null), 2, Reason.STRIPE_FAILED, Effect.UNKNOWN),
                argumentSet(
                        "424", new ApiException("x", null, null, 424, null), 1, Reason.STRIPE_FAILED, Effect.UNKNOWN),
                argumentSet(
                        "400",
                        withType(
                                new InvalidRequestException("x", "locale", null, null, 400, null),
                                "invalid_request_error"),
                        1,
                        Reason.STRIPE_REFUSED,
                        Effect.REFUSED),
                argumentSet(
                        "400, key used otherwise",
                        withType(new InvalidRequestException("x", null, null, null, 400, null), "idempotency_error"),
                        1,
                        Reason.STRIPE_FAILED,
                        Effect.UNKNOWN),
                argumentSet(
                        "404 of a proxy",
                        new ApiException("not JSON", null, null, 404, null),
                        1,
                        Reason.STRIPE_FAILED,
                        Effect.UNKNOWN),
                argumentSet(
                        "200, garbled",
                        new ApiException("not JSON", null, null, 200, null),
                        1,
                        Reason.STRIPE_FAILED,
                        Effect.UNKNOWN),
                argumentSet(
                        "401",
                        new AuthenticationException("sk_test_****none", null, null, 401),
                        1,
                        Reason.STRIPE_CREDENTIALS,
                        Effect.NONE));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void run_failsForEver_isTriedAsOftenAsItMayHelp(StripeException thrown, int tries, Reason reason, Effect effect) {
        StripeCalls calls = calls("STRIPE_RETRIES", "1");
        AtomicInteger made = new AtomicInteger();

        StripeFailure failure = failureOf(calls.run("acct", OPERATION, timeout -> {
            made.incrementAndGet();
            throw thrown;
        }));

        assertThat(made.get()).isEqualTo(tries);
        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure.effect()).isEqualTo(effect);
        assertThat(failure.getMessage()).doesNotContain("sk_test");
    }

    /** Whoever is told asks Stripe about the key: for nothing, when a restricted key lacks what it can do without. */
    @Test
    void refusedCall_isToldUnlessItWasForWhatTheKeyCanDoWithout() {
        StripeCalls calls = calls();
        List<String> told = new CopyOnWriteArrayList<>();
        calls.onRefusedKey(told::add);
        StripeException lacking = new PermissionException("No.", "req_1", null, 403);
        StripeException unknown = new AuthenticationException("No.", "req_1", null, 401);

        assertThat(failureOf(calls.tryFor(app("optional"), OPERATION, refusing(lacking)))
                        .reason())
                .isEqualTo(Reason.STRIPE_CREDENTIALS);
        assertThat(told).isEmpty();

        assertThat(failureOf(calls.run(app("needed"), OPERATION, refusing(lacking))))
                .isNotNull();
        assertThat(failureOf(calls.tryFor(app("revoked"), OPERATION, refusing(unknown))))
                .isNotNull();
        assertThat(told).containsExactly("needed", "revoked");
    }

    private static StripeApp app(String id) {
        return new StripeApp(id, "test", "acct_own", false, Secret.of("rk_test_narrow"), List.of());
    }

    private static StripeCalls.Call<String> refusing(StripeException refusal) {
        return timeout -> {
            throw refusal;
        };
    }

    @Test
    void run_libraryThrowsSomethingElse_outcomeIsUnknown() {
        StripeFailure failure = failureOf(calls().run("acct", OPERATION, timeout -> {
            throw new NullPointerException("inside the library");
        }));

        assertThat(failure.reason()).isEqualTo(Reason.STRIPE_FAILED);
        assertThat(failure.effect()).isEqualTo(Effect.UNKNOWN);
    }

    @Test
    void run_lostThenRefusedConnection_outcomeStaysUnknown() {
        StripeCalls calls = calls("STRIPE_RETRIES", "1");
        AtomicInteger made = new AtomicInteger();

        StripeFailure failure = failureOf(calls.run("acct", OPERATION, timeout -> {
            throw new ApiConnectionException(
                    "x",
                    made.incrementAndGet() == 1 ? new SocketTimeoutException("late") : new ConnectException("refused"));
        }));

        assertThat(failure.effect()).isEqualTo(Effect.UNKNOWN);
    }

    @Test
    void run_repeatedTwice_waitsLongerTheSecondTime() {
        StripeCalls calls = calls("STRIPE_RETRIES", "2");
        List<Long> moments = new ArrayList<>();

        StripeFailure failure = failureOf(calls.run("acct", OPERATION, timeout -> {
            moments.add(System.nanoTime());
            throw new ApiException("x", null, null, 500, null);
        }));

        assertThat(failure.reason()).isEqualTo(Reason.STRIPE_FAILED);
        assertThat(moments).hasSize(3);
        assertThat(Duration.ofNanos(moments.get(1) - moments.get(0))).isGreaterThanOrEqualTo(Duration.ofMillis(375));
        assertThat(Duration.ofNanos(moments.get(2) - moments.get(1))).isGreaterThanOrEqualTo(Duration.ofMillis(750));
    }

    @Test
    void run_backoffWouldPassTheDeadline_failsAtOnce() {
        unlessTheMachineStandsStill(() -> {
            StripeCalls calls = warm("STRIPE_RETRIES", "5", "STRIPE_DEADLINE", "PT0.37S");
            AtomicInteger made = new AtomicInteger();

            StripeFailure failure = failureOf(calls.run("acct", OPERATION, timeout -> {
                made.incrementAndGet();
                throw new RateLimitException("x", null, null, "rate_limit", 429, null);
            }));

            assertThat(made.get()).isEqualTo(1);
            assertThat(failure.reason()).isEqualTo(Reason.STRIPE_RATE_LIMITED);
        });
    }

    @Test
    void run_rateUsedUp_isToldWhenToComeBackInsteadOfWaitingForEver() {
        unlessTheMachineStandsStill(() -> {
            StripeCalls calls = calls("STRIPE_OPERATION_REQUESTS_PER_SECOND", "1", "STRIPE_DEADLINE", "PT0.5S");
            // Not waited for: meanwhile there could be a place again.
            Future<String> ignored = calls.run("acct", OPERATION, timeout -> "first");

            StripeFailure refused = failureOf(calls.run("acct", OPERATION, timeout -> "second"));

            assertThat(refused.reason()).isEqualTo(Reason.STRIPE_RATE_LIMITED);
            assertThat(refused.effect()).isEqualTo(Effect.NONE);
            assertThat(refused.retryAfter()).isPositive();
        });
    }

    @Test
    void run_appsOfOneAccount_haveOneRate() {
        unlessTheMachineStandsStill(() -> {
            StripeCalls calls = calls("STRIPE_OPERATION_REQUESTS_PER_SECOND", "1", "STRIPE_DEADLINE", "PT0.5S");
            StripeApp one = new StripeApp("one", "acme", "acct_own", false, Secret.of("sk_test_1"), List.of());
            StripeApp other = new StripeApp("other", "umbrella", "acct_own", false, Secret.of("rk_test_2"), List.of());
            StripeApp live = new StripeApp("live", "acme", "acct_own", true, Secret.of("sk_live_1"), List.of());
            // Not waited for: meanwhile there could be a place again.
            Future<String> ignored = calls.run(one, OPERATION, timeout -> "first");

            StripeFailure refused = failureOf(calls.run(other, OPERATION, timeout -> "second"));

            assertThat(refused.reason()).isEqualTo(Reason.STRIPE_RATE_LIMITED);
            assertThat(TestGateway.<String>await(calls.run(live, OPERATION, timeout -> "served")))
                    .isEqualTo("served");
        });
    }

    @Test
    void run_rateUsedUpAfterATryThatMayHaveActed_doesNotSayThatNothingHappened() {
        unlessTheMachineStandsStill(() -> {
            StripeCalls calls = warm(
                    "STRIPE_OPERATION_REQUESTS_PER_SECOND", "1", "STRIPE_RETRIES", "1", "STRIPE_DEADLINE", "PT0.9S");

            StripeFailure refused = failureOf(calls.run("acct", OPERATION, timeout -> {
                throw new ApiException("down", null, null, 500, null);
            }));

            assertThat(refused.reason()).isEqualTo(Reason.STRIPE_RATE_LIMITED);
            assertThat(refused.effect()).isEqualTo(Effect.UNKNOWN);
            assertThat(refused.retryAfter()).isPositive();
        });
    }

    @Test
    void run_backgroundFullOfStuckCalls_callersAreNotHeldUp() {
        StripeCalls calls = calls("STRIPE_WORKERS", "1", "STRIPE_QUEUE", "0");
        CountDownLatch release = new CountDownLatch(1);
        List<Future<String>> stuck = new ArrayList<>();
        for (int call = 0; call < 50; call++) {
            stuck.add(calls.background().run("acct", OPERATION, blocked(release)));
        }

        assertThat(calls.hasRoom()).isTrue();
        String answer = TestGateway.await(calls.run("acct", OPERATION, timeout -> "quick"));

        assertThat(answer).isEqualTo("quick");
        assertThat(stuck).noneMatch(Future::isComplete);
        release.countDown();
        TestGateway.await(Future.all(stuck));
    }

    @Test
    void run_manyBackgroundCalls_fewAtOnceAndAllInTheEnd() {
        StripeCalls background = calls().background();
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Future<Integer>> all = new ArrayList<>();

        for (int call = 0; call < 200; call++) {
            all.add(background.run("acct", OPERATION, timeout -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                return now.decrementAndGet();
            }));
        }

        TestGateway.await(Future.all(all));
        assertThat(most.get()).isLessThanOrEqualTo(BackgroundLane.WORKERS);
    }

    @Test
    void run_backgroundOfAStoppingProcess_isTurnedAwayAtOnce_andCallersAreNot() {
        StripeCalls calls = calls();
        CountDownLatch release = new CountDownLatch(1);
        List<Future<String>> stuck = new ArrayList<>();
        for (int call = 0; call < BackgroundLane.WORKERS_OF_ACCOUNT; call++) {
            stuck.add(calls.background().run("acct", OPERATION, blocked(release)));
        }
        Future<String> waiting = calls.background().run("acct", OPERATION, timeout -> "late");

        calls.stopBackground();

        assertThat(failureOf(waiting).reason()).isEqualTo(Reason.SHUTTING_DOWN);
        assertThat(failureOf(calls.background().run("acct", OPERATION, timeout -> "later"))
                        .reason())
                .isEqualTo(Reason.SHUTTING_DOWN);
        String answer = TestGateway.await(calls.run("acct", OPERATION, timeout -> "served"));
        assertThat(answer).isEqualTo("served");
        release.countDown();
        TestGateway.await(Future.all(stuck));
    }

    @Test
    void run_backgroundBeyondItsShare_waitsInsteadOfFailing() {
        StripeCalls background =
                calls("STRIPE_BACKGROUND_REQUESTS_PER_SECOND", "50").background();
        List<Future<String>> all = new ArrayList<>();
        for (int call = 0; call < 65; call++) {
            all.add(background.run("acct", OPERATION, timeout -> "done"));
        }

        assertThat(TestGateway.await(Future.all(all)).succeeded()).isTrue();
    }

    @Test
    void run_backgroundOfAnAccountWithoutARate_othersAreServedMeanwhile() {
        StripeCalls background =
                calls("STRIPE_BACKGROUND_REQUESTS_PER_SECOND", "1").background();
        List<Future<String>> waiting = new ArrayList<>();
        for (int call = 0; call < 20; call++) {
            waiting.add(background.run("busy", OPERATION, timeout -> "done"));
        }

        String answer = TestGateway.await(background.run("idle", OPERATION, timeout -> "served"));

        assertThat(answer).isEqualTo("served");
        assertThat(waiting.stream().filter(Future::isComplete).count())
                .as("those that the rate allowed before the other account was served")
                .isLessThan(5);
    }

    @Test
    void run_backgroundOfAnAccountWhoseAnswersNeverCome_othersAreServedMeanwhile() {
        StripeCalls background = calls().background();
        CountDownLatch release = new CountDownLatch(1);
        List<Future<String>> stuck = new ArrayList<>();
        for (int call = 0; call < 50; call++) {
            stuck.add(background.run("stuck", OPERATION, blocked(release)));
        }

        String answer = TestGateway.await(background.run("idle", OPERATION, timeout -> "served"));

        assertThat(answer).isEqualTo("served");
        assertThat(stuck).noneMatch(Future::isComplete);
        release.countDown();
        TestGateway.await(Future.all(stuck));
    }

    @Test
    void run_backgroundThatFailsAndIsRepeated_holdsNoWorkerInBetween() {
        StripeCalls background = calls().background();
        AtomicInteger made = new AtomicInteger();
        List<Future<String>> failing = new ArrayList<>();
        for (int call = 0; call < BackgroundLane.WORKERS; call++) {
            failing.add(background.run("away" + call, OPERATION, timeout -> {
                made.incrementAndGet();
                throw new ApiConnectionException("x", new ConnectException("refused"));
            }));
        }
        Awaitility.await().untilAtomic(made, Matchers.greaterThanOrEqualTo(BackgroundLane.WORKERS));

        String answer = TestGateway.await(background.run("idle", OPERATION, timeout -> "served"));

        assertThat(answer).isEqualTo("served");
        assertThat(failing).noneMatch(Future::isComplete);
    }

    @Test
    void run_backgroundWhoseShareOthersUse_waitsForAPlaceInIt_andCallersDoNot() {
        StripeCalls calls = calls();
        AtomicBoolean free = new AtomicBoolean();
        AtomicInteger taken = new AtomicInteger();
        calls.shareBackground(new Share() {
            @Override
            public boolean hasPlace(String whose) {
                return free.get();
            }

            @Override
            public void take(String whose) {
                taken.incrementAndGet();
            }
        });

        Future<String> waiting = calls.background().run("acct", OPERATION, timeout -> "late");
        String answer = TestGateway.await(calls.run("acct", OPERATION, timeout -> "served"));
        assertThat(answer).isEqualTo("served");
        assertThat(waiting.isComplete()).isFalse();
        free.set(true);

        assertThat(TestGateway.await(waiting)).isEqualTo("late");
        assertThat(taken.get()).isEqualTo(1);
    }
}
