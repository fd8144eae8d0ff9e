package io.checkoutgateway.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.apps.RedirectHosts;
import io.checkoutgateway.settings.HostPattern;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the rules against a collection of URLs with what browsers make of each. */
class RedirectUrlsTest {
    private static final Path CORPUS = Path.of("src/test/resources/redirect-urls.tsv");
    private static final Pattern ESCAPED = Pattern.compile("\\\\(\\\\|u([0-9a-f]{4}))");
    private static final RedirectHosts LISTED = hosts("shop.example.com", "*.pay.example.com");

    /** One line of the collection. */
    private record Line(boolean taken, String situation, String browsersHost, String url) {
        static Line of(String text) {
            String[] columns = text.split("\t", 4);
            String url = ESCAPED.matcher(columns[3])
                    .replaceAll(found -> java.util.regex.Matcher.quoteReplacement(
                            found.group(2) == null
                                    ? "\\"
                                    : Character.toString((char) Integer.parseInt(found.group(2), 16))));
            return new Line(columns[0].equals("taken"), columns[1], columns[2], url);
        }

        @Nullable
        String mistake() {
            return RedirectUrls.mistakeOf(
                    url, situation.equals("live"), situation.equals("listed") ? LISTED : RedirectHosts.ANY_PUBLIC);
        }
    }

    private static RedirectHosts hosts(String... patterns) {
        return new RedirectHosts(Stream.of(patterns)
                .map(pattern -> HostPattern.of(pattern).orElseThrow())
                .toList());
    }

    private static List<Line> corpus() throws IOException {
        return Files.readAllLines(CORPUS).stream()
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(Line::of)
                .toList();
    }

    @Test
    void corpus_everyLine_comesOutAsItSays() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Line line : corpus()) {
            String mistake = line.mistake();
            if (line.taken() != (mistake == null)) {
                wrong.add("%s: %s".formatted(line, mistake));
            }
        }

        assertThat(corpus()).hasSizeGreaterThan(700);
        assertThat(wrong).isEmpty();
    }

    @Test
    void corpus_whatIsTaken_isReadTheSameByBrowsersAndByJava() throws IOException {
        List<Line> taken = corpus().stream().filter(Line::taken).toList();

        assertThat(taken).hasSizeGreaterThan(40).allSatisfy(line -> assertThat(
                        URI.create(line.url().replace(RedirectUrls.SESSION_ID, "cs"))
                                .getHost()
                                .toLowerCase(Locale.ROOT))
                .isEqualTo(line.browsersHost()));
    }

    @Test
    void length_atTheLimit_isTakenAndOneMoreIsNot() {
        String start = "https://shop.example.com/";
        String longest = start + "a".repeat(RedirectUrls.LENGTH_MAX - start.length());

        assertThat(RedirectUrls.mistakeOf(longest, true, LISTED)).isNull();
        assertThat(RedirectUrls.mistakeOf(longest + "a", true, LISTED)).contains("5000 characters");
    }

    @Test
    void name_longerThanNamesMayBe_isRefused() {
        String label = "a".repeat(49) + ".";
        String longest = "https://" + label.repeat(4) + "a".repeat(37) + ".pay.example.com/";

        assertThat(RedirectUrls.mistakeOf(longest, true, LISTED)).isNull();
        assertThat(RedirectUrls.mistakeOf(longest.replace("//a", "//aa"), true, LISTED))
                .contains("domain name");
    }

    @ParameterizedTest
    @CsvSource({
        "shop.example.com, shop.example.com, true",
        "shop.example.com, SHOP.example.COM, true",
        "shop.example.com, a.shop.example.com, false",
        "*.example.com, shop.example.com, true",
        "*.example.com, a.b.example.com, true",
        "*.example.com, example.com, false",
        "*.example.com, evilexample.com, false",
        "*.Example.com, shop.example.com, true"
    })
    void pattern_host_isMatchedAsAWhole(String pattern, String host, boolean matched) {
        assertThat(hosts(pattern).allow(host)).isEqualTo(matched);
    }

    @ParameterizedTest
    @CsvSource({
        "''",
        "*",
        "*.",
        "*.com",
        "com",
        "localhost",
        "a.*.example.com",
        "**.example.com",
        "*example.com",
        "127.0.0.1",
        "[::1]",
        "example.com:443",
        "https://example.com",
        "example.com/",
        "example.com.",
        "bücher.example",
        "xn--a.example",
        "exa mple.com",
        "a_b.example.com",
        "a..example.com"
    })
    void pattern_thatIsNoHost_isRefused(String pattern) {
        assertThat(HostPattern.of(pattern)).isEmpty();
    }

    @Test
    void privateName_thatTheListNames_isTaken() {
        assertThat(RedirectUrls.mistakeOf("https://shop.internal/", true, RedirectHosts.ANY_PUBLIC))
                .contains("public host");
        assertThat(RedirectUrls.mistakeOf("https://shop.internal/", true, hosts("shop.internal")))
                .isNull();
    }
}
