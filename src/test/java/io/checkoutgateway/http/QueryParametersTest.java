package io.checkoutgateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.failure.GatewayException;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class QueryParametersTest {

    static MultiMap query(String... names) {
        MultiMap query = MultiMap.caseInsensitiveMultiMap();
        for (String name : names) {
            query.add(name, "1");
        }
        return query;
    }

    @Test
    void parse_bracketedNames_areMembersOfMembers() {
        MultiMap query = MultiMap.caseInsensitiveMultiMap()
                .add("sort", "created_at")
                .add("page[size]", "5")
                .add("page[after]", "x")
                .add("filter[created_at][gte]", "2026-01-01T00:00:00Z");

        assertThat(QueryParameters.parse(query))
                .isEqualTo(
                        new JsonObject(
                                """
                                {"sort": "created_at", "page": {"size": "5", "after": "x"},
                                 "filter": {"created_at": {"gte": "2026-01-01T00:00:00Z"}}}
                                """));
    }

    static Stream<Arguments> wrongNames() {
        return Stream.of(
                argumentSet("twice", "repeated", query("sort", "sort")),
                argumentSet("twice, bracketed", "repeated", query("page[size]", "page[size]")),
                argumentSet("plain, then an inner name", "conflict", query("page", "page[size]")),
                argumentSet("an inner name, then plain", "repeated", query("page[size]", "page")),
                argumentSet("not closed", "name", query("page[size")),
                argumentSet("nothing inside", "name", query("page[]")),
                argumentSet("text behind", "name", query("page[size]x")),
                argumentSet("too deep", "name", query("filter[a][b][c]")),
                argumentSet("brackets inside", "name", query("page[[size]]")));
    }

    @ParameterizedTest
    @MethodSource("wrongNames")
    void parse_wrongName_isRefusedWithTheRule(String rule, MultiMap query) {
        assertThatThrownBy(() -> QueryParameters.parse(query))
                .isInstanceOfSatisfying(GatewayException.class, refused -> assertThat(refused.invalidParameters())
                        .singleElement()
                        .satisfies(parameter -> assertThat(parameter.rule()).isEqualTo(rule))
                        .satisfies(parameter -> assertThat(parameter.source()).isEqualTo("query")));
    }

    @Test
    void parse_hundredParametersAndOneMore_theHundredAreTaken() {
        String[] names =
                Stream.iterate(0, i -> i + 1).limit(101).map(i -> "p" + i).toArray(String[]::new);

        assertThat(QueryParameters.parse(query(java.util.Arrays.copyOf(names, 100))))
                .hasSize(100);
        assertThatThrownBy(() -> QueryParameters.parse(query(names))).hasMessageContaining("100");
    }
}
