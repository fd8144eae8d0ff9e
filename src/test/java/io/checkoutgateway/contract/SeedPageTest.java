package io.checkoutgateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The Rust client's page of a mirrored session has the rows of the page that the project was given. */
class SeedPageTest {
    private static final Path GIVEN = Path.of("src/test/resources/seeds/DjStripeCheckoutSession.md");
    private static final Path MADE = Path.of("target/contract/rust-docs/docs/DjStripeCheckoutSession.md");

    /**
     * One property of the document.
     *
     * @param notes whether it is optional or read-only
     */
    private record Row(String name, String type, String description, String notes) {
        static Row of(String line) {
            String[] cells = line.split(" ?\\| ?", -1);
            return new Row(cells[0], Row.withoutDialect(cells[1]), cells[2], cells[3].strip());
        }

        /**
         * The type without what differs between the generator's release 5.4, which wrote the given page, and 7.25:
         * the prefixes of paths, and a link from a map to the page of {@code serde_json::Value}, which never existed.
         */
        private static String withoutDialect(String type) {
            return type.replace("crate::models::", "models::")
                    .replace("::std::", "std::")
                    .replaceAll("\\[(\\*\\*std::.*\\*\\*)]\\(serde_json::Value\\.md\\)", "$1");
        }
    }

    @Test
    void rustPage_rows_areThoseOfTheGivenPage() throws IOException {
        assertThat(rows(GIVEN)).hasSize(22);
        assertThat(rows(MADE)).containsExactlyElementsOf(rows(GIVEN));
    }

    @Test
    void rustPage_everythingButTheTypes_isTheGivenPage() throws IOException {
        assertThat(withoutTypes(MADE)).isEqualTo(withoutTypes(GIVEN));
    }

    private static List<Row> rows(Path page) throws IOException {
        try (Stream<String> lines = Files.lines(page)) {
            return lines.filter(line -> line.startsWith("**")).map(Row::of).toList();
        }
    }

    private static String withoutTypes(Path page) throws IOException {
        return Files.readString(page).replaceAll("\\| [^|\n]* \\|", "|").strip();
    }
}
