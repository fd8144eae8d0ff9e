package io.checkoutgateway.events;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.checkoutgateway.events.RefusalLog.Refused;
import io.checkoutgateway.events.SignatureRefusedException.Flaw;
import io.checkoutgateway.testing.WrittenLines;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RefusalsTest {
    private static final SignatureRefusedException NO_MATCH =
            new SignatureRefusedException(Flaw.NO_MATCH, "No signature matches");

    private final Notes log = new Notes();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Refusals refusals = new Refusals(log, metrics);
    private final WrittenLines lines = new WrittenLines(Refusals.class.getName());

    @AfterEach
    void close() {
        lines.close();
    }

    private double counted(String app) {
        return metrics.counter("gateway.events.refused", "app", app, "reason", "signature_no_match")
                .count();
    }

    @Test
    void count_secondAppsSecretBecomesWrong_isNamedAtOnce() {
        for (int i = 0; i < 5; i++) {
            refusals.count("app-1", "192.0.2.1", NO_MATCH);
        }

        refusals.count("app-2", "192.0.2.1", NO_MATCH);

        assertThat(lines.soFar())
                .extracting(ILoggingEvent::getKeyValuePairs)
                .extracting(pairs -> pairs.get(0).value + " " + pairs.get(2).value)
                .containsExactly("app-1 1", "app-1 2", "app-1 4", "app-2 1");
        assertThat(counted("app-1")).isEqualTo(5);
        assertThat(counted("app-2")).isEqualTo(1);
    }

    @Test
    void count_moreAppsThanHaveACountOfTheirOwn_areCountedTogether() {
        IntStream.rangeClosed(1, Refusals.APPS_MAX + 2)
                .forEach(app -> refusals.count("app-" + app, "192.0.2.1", NO_MATCH));
        refusals.count("app-1", "192.0.2.1", NO_MATCH);

        assertThat(counted("app-1")).isEqualTo(2);
        assertThat(counted("app-" + Refusals.APPS_MAX)).isEqualTo(1);
        assertThat(counted("other")).isEqualTo(2);
        assertThat(metrics.find("gateway.events.refused").counters()).hasSize(Refusals.APPS_MAX + 1);
    }

    @Test
    void countUnknown_idsThatCallersMakeUp_areOneSeries() {
        refusals.countUnknown("made-up-1", NO_MATCH);
        refusals.countUnknown("made-up-2", NO_MATCH);

        assertThat(counted("none")).isEqualTo(2);
    }

    @Test
    void note_refusalsOfOneKind_areOneEntryWithTheLastOnesAddress() {
        refusals.count("app-1", "192.0.2.1", NO_MATCH);
        refusals.count("app-1", "192.0.2.2", NO_MATCH);
        refusals.countUnknown("made-up-1", NO_MATCH);

        assertThat(refusals.note().succeeded()).isTrue();
        assertThat(refusals.note().succeeded()).isTrue();

        assertThat(log.noted).containsExactly(new Refused("app-1", "signature_no_match", 2, "192.0.2.2"));
    }

    @Test
    void note_databaseIsAway_isMadeUpForTheNextTime() {
        refusals.count("app-1", "192.0.2.1", NO_MATCH);
        log.away = true;
        assertThat(refusals.note().failed()).isTrue();
        refusals.count("app-1", "192.0.2.2", NO_MATCH);

        log.away = false;
        assertThat(refusals.note().succeeded()).isTrue();

        assertThat(log.noted).extracting(Refused::count).containsExactly(2L);
    }

    /** Remembers what it is told, unless it is away. */
    private static final class Notes implements RefusalLog {
        private final List<Refused> noted = new ArrayList<>();
        private boolean away;

        @Override
        public Future<Void> note(List<Refused> refused) {
            if (away) {
                return Future.failedFuture("away");
            }
            noted.addAll(refused);
            return Future.succeededFuture();
        }

        @Override
        public Future<List<Entry>> list(String namespace, long after, int most) {
            return Future.succeededFuture(List.of());
        }

        @Override
        public Future<Boolean> forget(Duration retention) {
            return Future.succeededFuture(false);
        }
    }
}
