package io.checkoutgateway.access.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.testing.MovableClock;
import io.checkoutgateway.testing.TestIdentityProvider;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tokens of unknown keys make the provider be asked, and nobody can make it be asked often. */
class SigningKeysTest {
    private static final Duration PAUSE = Duration.ofSeconds(30);
    private static final JWKSet A = new JWKSet(TestIdentityProvider.ec("a"));
    private static final JWKSet B = new JWKSet(TestIdentityProvider.ec("b"));

    private final MovableClock clock = new MovableClock();
    private final List<Promise<JWKSet>> asked = new ArrayList<>();
    private final SigningKeys keys = new SigningKeys(this::ask, PAUSE, clock);

    private Future<JWKSet> ask() {
        Promise<JWKSet> answer = Promise.promise();
        asked.add(answer);
        return answer.future();
    }

    private void answer(JWKSet set) {
        asked.get(asked.size() - 1).complete(set);
    }

    @Test
    void with_knownKey_asksNobody() {
        Future<JWKSet> first = keys.with("a");
        answer(A);

        assertThat(first.result()).isEqualTo(A);
        assertThat(keys.with("a").result()).isEqualTo(A);
        assertThat(asked).hasSize(1);
    }

    @Test
    void with_unknownKeys_manyAtOnce_shareOneFetch() {
        List<Future<JWKSet>> waiting = List.of(keys.with("a"), keys.with("b"), keys.with("c"));

        answer(A);

        assertThat(waiting).allSatisfy(known -> assertThat(known.result()).isEqualTo(A));
        assertThat(asked).hasSize(1);
    }

    @Test
    void with_unknownKeyAgainAndAgain_asksOnceInAPause() {
        keys.with("x").onComplete(ignored -> {});
        answer(A);

        for (int second = 0; second < 30; second++) {
            assertThat(keys.with("x" + second).result()).isEqualTo(A);
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(asked).hasSize(1);

        keys.with("x").onComplete(ignored -> {});

        assertThat(asked).hasSize(2);
    }

    @Test
    void with_fetchFailed_tellsToComeBackWhenThePauseIsOver() {
        Future<JWKSet> first = keys.with("a");
        asked.get(0).fail("unreachable");
        clock.advance(Duration.ofSeconds(10));

        GatewayException refusal = (GatewayException) keys.with("a").cause();

        assertThat(((GatewayException) first.cause()).reason()).isEqualTo(Reason.IDENTITY_PROVIDER_UNAVAILABLE);
        assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(20));
        assertThat(asked).hasSize(1);
    }

    @Test
    void refresh_providerAway_keepsWhatIsKnown() {
        keys.with("a").onComplete(ignored -> {});
        answer(A);
        Future<JWKSet> refresh = keys.refresh();
        asked.get(1).fail("unreachable");

        assertThat(refresh.failed()).isTrue();
        assertThat(keys.with("a").result()).isEqualTo(A);
    }

    @Test
    void refresh_keyWithdrawn_isUnknownFromThenOn() {
        keys.with("a").onComplete(ignored -> {});
        answer(A);
        keys.refresh().onComplete(ignored -> {});
        answer(new JWKSet(TestIdentityProvider.ec("b")));

        assertThat(keys.with("a").result().getKeyByKeyId("a")).isNull();
    }

    @Test
    void newerThan_whatIsKnown_asksOnceInAPause() {
        keys.with(null).onComplete(ignored -> {});
        answer(A);
        for (int second = 0; second < 30; second++) {
            assertThat(keys.newerThan(A).result()).isEqualTo(A);
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(asked).hasSize(1);

        List<Future<JWKSet>> waiting = List.of(keys.newerThan(A), keys.newerThan(A));
        answer(B);

        assertThat(asked).hasSize(2);
        assertThat(waiting).allSatisfy(newer -> assertThat(newer.result()).isEqualTo(B));
    }

    @Test
    void newerThan_whatWasKnownBefore_asksNobody() {
        keys.with(null).onComplete(ignored -> {});
        answer(A);
        keys.refresh().onComplete(ignored -> {});
        answer(B);

        assertThat(keys.newerThan(A).result()).isEqualTo(B);
        assertThat(asked).hasSize(2);
    }
}
