package io.checkoutgateway.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code SECURITY.md} says is proved by a test is proved by one that is there. */
class SecurityMapTest {
    private static final Pattern ROW = Pattern.compile("\\| ((?:\\d+\\.\\d+\\.\\d+(?:, )?)+) \\| .+ \\| (.+) \\|");
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)`");

    /** How many points each section of ASVS 5.0.0 has, of the chapters that the table speaks of. (Its table, as CSV.) */
    private static final Map<String, Integer> POINTS = points(
            """
            1.1=2 1.2=10 1.3=12 1.4=3 1.5=3 2.1=3 2.2=3 2.3=5 2.4=2 3.1=1 3.2=3 3.3=5 3.4=8 3.5=8 3.6=1 3.7=5
            4.1=5 4.2=5 4.3=2 4.4=4 8.1=4 8.2=4 8.3=3 8.4=2 9.1=3 9.2=4 10.1=2 10.2=3 10.3=5 10.4=16 10.5=5
            11.1=4 11.2=5 11.3=5 11.4=4 11.5=2 11.6=2 11.7=2 12.1=5 12.2=2 12.3=5 13.1=4 13.2=6 13.3=4 13.4=7
            14.1=2 14.2=8 14.3=3 15.1=5 15.2=5 15.3=7 15.4=4 16.1=1 16.2=5 16.3=4 16.4=3 16.5=4
            """);

    private static List<MatchResult> rows = List.of();
    private static Set<String> tests = Set.of();

    private static Map<String, Integer> points(String text) {
        return Stream.of(text.strip().split("\\s+"))
                .map(section -> section.split("=", 2))
                .collect(Collectors.toUnmodifiableMap(section -> section[0], section -> Integer.valueOf(section[1])));
    }

    @BeforeAll
    static void read() throws IOException {
        rows = Files.readAllLines(Path.of("SECURITY.md")).stream()
                .flatMap(line -> ROW.matcher(line).results())
                .toList();
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            tests = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Test.java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void everyPoint_namesTestsThatExist() {
        assertThat(rows).hasSizeGreaterThan(25).allSatisfy(row -> assertThat(
                        TEST.matcher(row.group(2)).results().map(test -> test.group(1)))
                .as(row.group(1))
                .isNotEmpty()
                .isSubsetOf(tests));
    }

    @Test
    void noPoint_isThereTwice() {
        assertThat(rows.stream().flatMap(row -> Stream.of(row.group(1).split(", "))))
                .doesNotHaveDuplicates();
    }

    @Test
    void everyPoint_isOneOfTheStandards() {
        assertThat(rows.stream().flatMap(row -> Stream.of(row.group(1).split(", "))))
                .allSatisfy(point -> {
                    int last = point.lastIndexOf('.');
                    assertThat(Integer.parseInt(point.substring(last + 1)))
                            .as(point)
                            .isBetween(1, POINTS.getOrDefault(point.substring(0, last), 0));
                });
    }
}
