package io.checkoutgateway.dropin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What of the promise can be held without their contract: names that were taken from it, and the list of differences. */
class RecordedNamesTest {
    /** Written by {@link DropInTest}, which holds it against their contract. */
    static final Path RECORDED = Path.of("src/test/resources/dropin/names.txt");

    private static final Pattern ROW = Pattern.compile("^\\| `([a-z-]+)` \\|", Pattern.MULTILINE);

    @Test
    void ourContract_hasEveryNameThatWasRecorded() throws IOException {
        Set<String> missing = recorded();
        assertThat(missing).hasSizeGreaterThan(100);

        missing.removeAll(Names.of(OwnContract.read()));

        assertThat(missing).isEmpty();
    }

    static Set<String> recorded() throws IOException {
        return new TreeSet<>(Files.readAllLines(RECORDED));
    }

    @Test
    void listOfDifferences_andTheProof_nameTheSameOnes() throws IOException {
        String readme = Files.readString(Path.of("api/README.md"));
        String table = readme.substring(readme.indexOf("## Where we differ from OpenMeter"));

        List<String> rows = ROW.matcher(table)
                .results()
                .map((MatchResult row) -> row.group(1))
                .toList();

        assertThat(rows)
                .containsExactlyElementsOf(
                        Arrays.stream(Difference.values()).map(Difference::id).toList());
    }
}
