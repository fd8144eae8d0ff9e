package io.checkoutgateway.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectedPauseTest {
    /** Few accounts are asked about as often as the app's own; many share a quarter of the background's rate. */
    @ParameterizedTest
    @CsvSource({"1, 5, PT9M", "600, 5, PT9M", "675, 5, PT9M", "10000, 5, PT8000S", "10000, 50, PT800S"})
    void pause_growsWithTheAccountsBeyondTheInterval(long accounts, int callsPerSecond, Duration expected) {
        assertThat(ConnectedCatchUp.pause(Duration.ofMinutes(10), accounts, callsPerSecond))
                .isEqualTo(expected);
    }
}
