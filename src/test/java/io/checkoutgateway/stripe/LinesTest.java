package io.checkoutgateway.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.stripe.Lines.Turn;
import io.vertx.core.Promise;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinesTest {
    private final Lines lines = new Lines();

    private Turn wait(String account, String operation, long deadline) {
        Turn turn = new Turn(account, operation, deadline, Promise.promise());
        lines.add(turn);
        return turn;
    }

    @Test
    void take_longLineAndShortOnes_takesOneOfEachInTurns() {
        Turn first = wait("busy", "list", 100);
        Turn second = wait("busy", "list", 100);
        Turn third = wait("busy", "list", 100);
        Turn other = wait("idle", "list", 100);

        assertThat(lines.take(turn -> true)).containsExactly(first, other, second, third);
        assertThat(lines.isEmpty()).isTrue();
        assertThat(lines.isFull()).isTrue();
    }

    @Test
    void take_operationWithoutARate_doesNotHoldUpAnotherOfTheAccount() {
        Turn held = wait("acct", "list", 100);
        Turn other = wait("acct", "retrieve", 100);

        assertThat(lines.take(turn -> turn.operation().equals("retrieve"))).containsExactly(other);
        assertThat(lines.takeAll()).containsExactly(held);
    }

    @Test
    void take_oneAccountOnly_leavesAWorkerToOthers() {
        List<Turn> all = IntStream.range(0, 10)
                .mapToObj(turn -> wait("busy", "list", 100))
                .toList();
        assertThat(lines.take(turn -> true)).isEqualTo(all.subList(0, BackgroundLane.WORKERS_OF_ACCOUNT));
        Turn other = wait("idle", "list", 100);

        assertThat(lines.take(turn -> true)).containsExactly(other);
        lines.ended("busy");
        assertThat(lines.take(turn -> true)).hasSize(1);
    }

    @Test
    void takeLate_timesOver_takesThoseOutAlone() {
        Turn late = wait("acct", "list", 5);
        Turn early = wait("acct", "list", 7);

        assertThat(lines.takeLate(6)).isEqualTo(List.of(late));
        assertThat(lines.take(turn -> true)).containsExactly(early);
    }
}
