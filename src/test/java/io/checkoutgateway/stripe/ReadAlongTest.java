package io.checkoutgateway.stripe;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.AuthenticationException;
import com.stripe.exception.PermissionException;
import com.stripe.exception.StripeException;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.settings.Secret;
import io.checkoutgateway.testing.MovableClock;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReadAlongTest {
    private static final List<String> ALL = List.of("setup_intent", "payment_intent", "subscription");

    private final MovableClock clock = new MovableClock();
    private final ReadAlong along = new ReadAlong(clock);
    private final List<List<String>> asked = new ArrayList<>();
    private final List<List<String>> needed = new ArrayList<>();
    private final StripeApp app =
            new StripeApp("app", "test", "acct_own", false, Secret.of("rk_test_narrow"), List.of());
    private Set<String> allowed = Set.copyOf(ALL);
    private StripeException refusal = new PermissionException("No.", "req_1", null, 403);

    /** What was read along; empty when even the least was refused. */
    private List<String> read() {
        return await(along.read(app, this::answer).otherwise(List.of()));
    }

    private Future<List<String>> answer(ReadAlong.Choice choice) {
        List<String> expanded = choice.expanded();
        asked.add(expanded);
        if (choice.least()) {
            needed.add(expanded);
        }
        return allowed.containsAll(expanded)
                ? Future.succeededFuture(expanded)
                : Future.failedFuture(new StripeFailure(
                        Reason.STRIPE_CREDENTIALS,
                        StripeFailure.Effect.NONE,
                        "Refused",
                        refusal.getCode(),
                        List.of(),
                        null,
                        refusal));
    }

    @Test
    void read_keyThatMayReadAll_isOneCall() {
        assertThat(read()).isEqualTo(ALL);

        assertThat(asked).hasSize(1);
    }

    @Test
    void read_keyThatMayNotReadOneOfThem_readsTheOtherAndIsNotRefusedAgain() {
        allowed = Set.of("setup_intent", "subscription");

        assertThat(read()).containsExactly("setup_intent", "subscription");
        asked.clear();
        assertThat(read()).containsExactly("setup_intent", "subscription");

        assertThat(asked).hasSize(1);
    }

    @Test
    void read_keyThatMayReadNeither_readsTheSetupIntent() {
        allowed = Set.of("setup_intent");

        assertThat(read()).containsExactly("setup_intent");
    }

    /** The refusal of more than is needed is foreseen; that of the least says that the key is not in order. */
    @Test
    void read_keyThatMayReadNothing_saysOfTheLeastThatItIsNeeded() {
        allowed = Set.of();

        assertThat(read()).isEmpty();

        assertThat(asked).hasSize(4);
        assertThat(needed).containsExactly(List.of("setup_intent"));
    }

    @Test
    void read_anHourAfterARefusal_asksForAllAgain() {
        allowed = Set.of("setup_intent");
        assertThat(read()).containsExactly("setup_intent");
        allowed = Set.copyOf(ALL);

        clock.advance(Duration.ofMinutes(59));
        assertThat(read()).containsExactly("setup_intent");
        clock.advance(Duration.ofMinutes(1));

        assertThat(read()).isEqualTo(ALL);
    }

    @Test
    void read_keyThatMayReadNothing_isRefusedOnceEachTimeAfterTheFirst() {
        allowed = Set.of();
        assertThat(read()).isEmpty();
        asked.clear();

        assertThat(read()).isEmpty();

        assertThat(asked).containsExactly(List.of("setup_intent"));
    }

    @Test
    void read_failureThatIsNoLackOfPermission_isNotRepeatedForLess() {
        allowed = Set.of();
        refusal = new AuthenticationException("No.", "req_1", null, 401);
        assertThat(read()).isEmpty();
        refusal = new PermissionException("No.", "req_1", "account_invalid", 403);
        assertThat(read()).isEmpty();

        assertThat(asked).containsExactly(ALL, ALL);
    }
}
