package io.checkoutgateway.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    private static List<MatchResult> rows = List.of();
    private static Set<String> tests = Set.of();

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
}
