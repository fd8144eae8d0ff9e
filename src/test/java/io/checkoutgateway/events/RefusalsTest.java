package io.checkoutgateway.events;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.checkoutgateway.events.SignatureRefusedException.Flaw;
import io.checkoutgateway.testing.WrittenLines;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RefusalsTest {
    private static final SignatureRefusedException NO_MATCH =
            new SignatureRefusedException(Flaw.NO_MATCH, "No signature matches");

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Refusals refusals = new Refusals(metrics);
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
            refusals.count("app-1", NO_MATCH);
        }

        refusals.count("app-2", NO_MATCH);

        assertThat(lines.soFar())
                .extracting(ILoggingEvent::getKeyValuePairs)
                .extracting(pairs -> pairs.get(0).value + " " + pairs.get(2).value)
                .containsExactly("app-1 1", "app-1 2", "app-1 4", "app-2 1");
        assertThat(counted("app-1")).isEqualTo(5);
        assertThat(counted("app-2")).isEqualTo(1);
    }

    @Test
    void count_moreAppsThanHaveACountOfTheirOwn_areCountedTogether() {
        IntStream.rangeClosed(1, Refusals.APPS_MAX + 2).forEach(app -> refusals.count("app-" + app, NO_MATCH));
        refusals.count("app-1", NO_MATCH);

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
}
