package io.checkoutgateway.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateBudgetTest {
    private static final long FOR_EVER = TimeUnit.HOURS.toNanos(1);

    @Test
    void reserve_withinASecondsWorth_waitsForNothing() {
        RateBudget budget = new RateBudget(100, 3, 1);

        for (int call = 0; call < 3; call++) {
            assertThat(budget.reserve("acct", "create", FOR_EVER)).isZero();
        }
        assertThat(budget.reserve("acct", "create", FOR_EVER)).isPositive();
    }

    @Test
    void reserve_otherOperationsAndAccounts_haveBudgetsOfTheirOwn() {
        RateBudget budget = new RateBudget(3, 1, 1);
        assertThat(budget.reserve("acct", "create", FOR_EVER)).isZero();

        assertThat(budget.reserve("acct", "list", FOR_EVER)).isZero();
        assertThat(budget.reserve("other", "create", FOR_EVER)).isZero();
    }

    @Test
    void reserve_manyOperations_togetherKeepTheAccountsLimit() {
        RateBudget budget = new RateBudget(2, 100, 1);
        assertThat(budget.reserve("acct", "create", FOR_EVER)).isZero();
        assertThat(budget.reserve("acct", "list", FOR_EVER)).isZero();

        assertThat(budget.reserve("acct", "expire", FOR_EVER)).isPositive();
    }

    @Test
    void reserve_longerThanItIsWorth_givesThePlaceBack() {
        RateBudget budget = new RateBudget(1, 1, 1);
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
}
