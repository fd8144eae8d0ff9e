package io.checkoutgateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathTableTest {
    private final PathTable<String> table = new PathTable<>();

    @BeforeEach
    void fill() {
        for (String template : List.of(
                "/sessions",
                "/sessions/events",
                "/sessions/{id}",
                "/sessions/{id}/events",
                "/sessions/{id}/items/{item}")) {
            table.put(template, template);
        }
    }

    @Test
    void find_parameters_takeAnySegment() {
        assertThat(table.find("/sessions")).isEqualTo("/sessions");
        assertThat(table.find("/sessions/4711")).isEqualTo("/sessions/{id}");
        assertThat(table.find("/sessions/47 11/items/x~y")).isEqualTo("/sessions/{id}/items/{item}");
    }

    @Test
    void find_segmentThatATemplateSpells_comesBeforeAParameter() {
        assertThat(table.find("/sessions/events")).isEqualTo("/sessions/events");
    }

    @Test
    void find_nothingBelowTheSpelledSegment_triesTheParameter() {
        assertThat(table.find("/sessions/events/events")).isEqualTo("/sessions/{id}/events");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/session", "/Sessions", "/sessions/1/items", "/sessions/1/items/2/3", "sessions"})
    void find_noTemplate_isNull(String path) {
        assertThat(table.find(path)).isNull();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "/sessions/",
                "//sessions",
                "/sessions//events",
                "/sessions/./events",
                "/x/../sessions",
                "/sessions/%65vents",
                "/sessions/a%2Fb"
            })
    void find_pathThatMayMeanAnother_isNull(String path) {
        assertThat(table.find(path)).isNull();
    }
}
