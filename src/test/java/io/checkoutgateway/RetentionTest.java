package io.checkoutgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class RetentionTest {
    private static final Supplier<Future<Boolean>> FAILS = () -> Future.failedFuture("out of reach");
    private static final Supplier<Future<Boolean>> THROWS = () -> {
        throw new IllegalStateException("out of reach");
    };
    private static final Supplier<Future<Boolean>> HAS_MORE = () -> Future.succeededFuture(true);
    private static final Supplier<Future<Boolean>> IS_DONE = () -> Future.succeededFuture(false);

    private static Future<Boolean> of(List<Supplier<Future<Boolean>>> parts) {
        return new Retention(parts).runOnce();
    }

    @Test
    void runOnce_onePartFailsAndAnotherHasMore_goesOn() {
        assertThat(of(List.of(FAILS, HAS_MORE)).result()).isTrue();
        assertThat(of(List.of(HAS_MORE, THROWS)).result()).isTrue();
    }

    @Test
    void runOnce_onePartFailsAndTheOthersAreDone_fails() {
        assertThat(of(List.of(IS_DONE, FAILS)).cause()).hasMessage("out of reach");
        assertThat(of(List.of(THROWS, IS_DONE)).cause()).hasMessage("out of reach");
    }

    @Test
    void runOnce_allAreDone_thereIsNoMore() {
        assertThat(of(List.of(IS_DONE, IS_DONE)).result()).isFalse();
    }
}
