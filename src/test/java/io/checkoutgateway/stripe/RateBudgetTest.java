package io.checkoutgateway.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateBudgetTest {
    /** Stands still until it is moved. */
    private static final class MovedTime implements TimeMeter {
        private long nanos;

        void pass(long millis) {
            nanos += TimeUnit.MILLISECONDS.toNanos(millis);
        }

        @Override
        public long currentTimeNanos() {
            return nanos;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }

    private static final long FOR_EVER = TimeUnit.HOURS.toNanos(1);

    @Test
    void reserve_withinASecondsWorth_waitsForNothing() {
        RateBudget budget = new RateBudget(100, 3, 1, new MovedTime());

        for (int call = 0; call < 3; call++) {
            assertThat(budget.reserve("acct", "create", FOR_EVER)).isZero();
        }
        assertThat(budget.reserve("acct", "create", FOR_EVER)).isPositive();
    }

    @Test
    void reserve_otherOperationsAndAccounts_haveBudgetsOfTheirOwn() {
        RateBudget budget = new RateBudget(3, 1, 1, new MovedTime());
        assertThat(budget.reserve("acct", "create", FOR_EVER)).isZero();

        assertThat(budget.reserve("acct", "list", FOR_EVER)).isZero();
        assertThat(budget.reserve("other", "create", FOR_EVER)).isZero();
    }

    @Test
    void reserve_manyOperations_togetherKeepTheAccountsLimit() {
        RateBudget budget = new RateBudget(2, 100, 1, new MovedTime());
        assertThat(budget.reserve("acct", "create", FOR_EVER)).isZero();
        assertThat(budget.reserve("acct", "list", FOR_EVER)).isZero();

        assertThat(budget.reserve("acct", "expire", FOR_EVER)).isPositive();
    }

    @Test
    void reserve_longerThanItIsWorth_givesThePlaceBack() {
        RateBudget budget = new RateBudget(1, 1, 1, new MovedTime());
        assertThat(budget.reserve("acct", "create", 0)).isZero();

        long first = budget.reserve("acct", "create", 0);
        for (int refused = 0; refused < 100; refused++) {
            assertThat(budget.reserve("acct", "create", 0)).isPositive();
        }

        assertThat(first).isPositive();
        assertThat(budget.reserve("acct", "create", FOR_EVER))
                .as("the wait has not grown by those who left")
                .isLessThanOrEqualTo(first);
    }

    @Test
    void reserve_whileTheBackgroundTakesAllItCan_waitsForNothing() {
        MovedTime time = new MovedTime();
        RateBudget budget = new RateBudget(20, 20, 5, time);

        for (int tick = 0; tick < 1_000; tick++) {
            while (budget.reserveInBackground("acct", "list") == 0) {
                Thread.onSpinWait();
            }
            if (tick % 10 == 0) {
                assertThat(budget.reserve("acct", "list", FOR_EVER))
                        .as("at %d ms", tick * 10)
                        .isZero();
            }
            time.pass(10);
        }
    }

    @Test
    void reserveInBackground_forTenSeconds_keepsToItsShare() {
        MovedTime time = new MovedTime();
        RateBudget budget = new RateBudget(20, 20, 5, time);
        int taken = 0;

        for (int tick = 0; tick < 1_000; tick++) {
            while (budget.reserveInBackground("acct", "list") == 0) {
                taken++;
            }
            time.pass(10);
        }

        assertThat(taken)
                .as("ten seconds' worth and a full bucket to begin with")
                .isBetween(50, 55);
    }

    @Test
    void reserveInBackground_callersUseTheirWholeRate_standsAside() {
        MovedTime time = new MovedTime();
        RateBudget budget = new RateBudget(20, 20, 5, time);
        for (int call = 0; call < 15; call++) {
            assertThat(budget.reserve("acct", "create", FOR_EVER)).isZero();
        }

        assertThat(budget.reserveInBackground("acct", "list"))
                .as("five places are left, and they are for callers")
                .isEqualTo(TimeUnit.MILLISECONDS.toNanos(200));

        time.pass(100);
        assertThat(budget.reserveInBackground("acct", "list")).isZero();
    }

    @Test
    void reserveInBackground_smallestRate_isNotShutOut() {
        MovedTime time = new MovedTime();
        RateBudget budget = new RateBudget(1, 1, 1, time);

        assertThat(budget.reserveInBackground("acct", "list")).isZero();
        assertThat(budget.reserve("acct", "create", FOR_EVER))
                .as("behind one call of the background at most")
                .isEqualTo(TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void reserve_forMoreAccountsThanAreKept_forgetsThoseWithoutCallsOfLate() {
        MovedTime time = new MovedTime();
        RateBudget budget = new RateBudget(10, 10, 1, time);
        for (int account = 0; account < 10 * RateBudget.KEPT_MAX; account++) {
            assertThat(budget.reserve("acct_" + account, "create", FOR_EVER)).isZero();
            time.pass(10);
        }

        assertThat(budget.kept()).isLessThanOrEqualTo(RateBudget.KEPT_MAX + 2);
    }

    @Test
    void reserve_whileManyOthersAreForgotten_stillWaitsItsTurn() {
        RateBudget budget = new RateBudget(1, 1, 1, new MovedTime());
        assertThat(budget.reserve("acct", "create", FOR_EVER)).isZero();
        for (int account = 0; account < RateBudget.KEPT_MAX; account++) {
            assertThat(budget.reserve("acct_" + account, "create", FOR_EVER)).isZero();
        }

        assertThat(budget.reserve("acct", "create", FOR_EVER)).isEqualTo(TimeUnit.SECONDS.toNanos(1));
    }
}
