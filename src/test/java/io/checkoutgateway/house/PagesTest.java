package io.checkoutgateway.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A reader who follows a link of a page arrives, and finds on it what he was promised. */
class PagesTest {
    private static final Path SITE = Path.of("src/site/markdown");
    private static final Pattern CODE = Pattern.compile("(?ms)^ *```.*?^ *```$");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern OTHER_HOST = Pattern.compile("[a-z]+:.*");
    private static final Pattern HEADING = Pattern.compile("(?m)^(#+) (.+)$");
    private static final Pattern METRIC_OF_THE_PAGE = Pattern.compile("`(gateway_\\w+)`");
    private static final Pattern METRIC_OF_THE_CODE = Pattern.compile("\"(gateway\\.[a-z.]+)\"");

    /** What Micrometer puts behind a name, by its kind and unit. */
    private static final Pattern SUFFIX = Pattern.compile("(_seconds)?(_total)?$");

    /** Documents that the project was given; they stay as they came. */
    private static final Path GIVEN = Path.of("src/test/resources/seeds");

    private static List<Path> pages = List.of();

    @BeforeAll
    static void list() throws IOException, InterruptedException {
        Process git = new ProcessBuilder("git", "ls-files", "-z", "*.md")
                .redirectErrorStream(true)
                .start();
        String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(git.waitFor()).as("git ls-files: " + output).isZero();
        pages = Stream.of(output.split("\0"))
                .map(Path::of)
                .filter(page -> Files.exists(page) && !page.startsWith(GIVEN))
                .toList();
        assertThat(pages).contains(Path.of("README.md"), SITE.resolve("operations.md"));
    }

    @Test
    void links_ofAllPages_leadSomewhere() {
        List<String> broken = new ArrayList<>();
        for (Path page : pages) {
            linksOf(page).filter(link -> !leadsSomewhere(page, link)).forEach(link -> broken.add(page + ": " + link));
        }

        assertThat(broken).isEmpty();
    }

    @Test
    void contentsOfOperations_nameEverySection() {
        Path page = SITE.resolve("operations.md");
        Set<String> sections = HEADING.matcher(prose(page))
                .results()
                .filter(heading -> heading.group(1).length() == 2)
                .map(heading -> "#" + anchor(heading.group(2)))
                .collect(Collectors.toSet());

        assertThat(linksOf(page)).containsAll(sections);
    }

    @Test
    void metricsPage_explainsThoseOfTheCode() throws IOException {
        Set<String> ofTheCode = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            sources.filter(file -> file.toString().endsWith(".java"))
                    .flatMap(file -> METRIC_OF_THE_CODE.matcher(read(file)).results())
                    .map(name -> bare(name.group(1).replace('.', '_')))
                    .forEach(ofTheCode::add);
        }

        Set<String> ofThePage = new TreeSet<>();
        METRIC_OF_THE_PAGE
                .matcher(read(SITE.resolve("metrics.md")))
                .results()
                .map(name -> bare(name.group(1)))
                .forEach(ofThePage::add);

        assertThat(ofThePage).isEqualTo(ofTheCode);
    }

    private static String bare(String metric) {
        return SUFFIX.matcher(metric).replaceFirst("");
    }

    private static Stream<String> linksOf(Path page) {
        return LINK.matcher(prose(page)).results().map(link -> link.group(1)).filter(link -> !OTHER_HOST
                .matcher(link)
                .matches());
    }

    private static boolean leadsSomewhere(Path page, String link) {
        String[] parts = link.split("#", 2);
        Path there =
                parts[0].isEmpty() ? page : directoryOf(page).resolve(parts[0]).normalize();
        return Files.exists(there) && (parts.length == 1 || anchorsOf(there).contains(parts[1]));
    }

    private static Path directoryOf(Path page) {
        return Objects.requireNonNullElse(page.getParent(), Path.of(""));
    }

    private static Set<String> anchorsOf(Path page) {
        return HEADING.matcher(prose(page))
                .results()
                .map(heading -> anchor(heading.group(2)))
                .collect(Collectors.toSet());
    }

    /** As the viewers of Markdown make it: in lower case, without punctuation, with hyphens for blanks. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                .strip()
                .replace(' ', '-');
    }

    private static String prose(Path page) {
        return CODE.matcher(read(page)).replaceAll("");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
