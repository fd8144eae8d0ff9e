package io.checkoutgateway.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Keeps the files tidy, so that nobody has to say it in a review. Looks only at what git tracks. */
class TidyTest {
    /** Past this a file wants to be two. Listed, not refused: some are long for a good reason. */
    private static final int LINES_WORTH_A_LOOK = 400;

    private static final Set<String> TEXTS = Set.of(
            "java",
            "yaml",
            "yml",
            "md",
            "sql",
            "xml",
            "json",
            "js",
            "mjs",
            "ts",
            "css",
            "html",
            "env",
            "properties",
            "sh",
            "py",
            "go",
            "rs",
            "toml");

    private static final Set<String> INDENTED_WITH_BLANKS =
            Set.of("java", "yaml", "yml", "md", "sql", "js", "css", "html");

    // Put together here, else this file would be its own finding.
    private static final Pattern LEFTOVER = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b");
    private static final Pattern PATH_OF_A_MACHINE =
            Pattern.compile("(?<![\\w.{}-])/(ro" + "ot|wo" + "rk|ho" + "me/\\w+|tmp/w" + "t)/");

    /** The hosts that packages come from differ from place to place; build files name packages, never hosts. */
    private static final Pattern PACKAGE_HOST = Pattern.compile(
            "https?://(?!\\S*example\\.)([\\w.-]*\\.)?(registry|repo|repo1|proxy|nexus|artifactory|mirrors?|pypi|crates|index)\\.[\\w.-]+");

    /** The message of what nobody foresaw says nothing without its kind and its trace: {@code failure.Failures} does. */
    private static final Pattern MESSAGE_ALONE =
            Pattern.compile("addKeyValue\\([^;]*?getMessage\\(\\)|getSimpleName\\(\\) \\+ \": \"");

    private static final Path FAILURES = Path.of("src/main/java/io/checkoutgateway/failure/Failures.java");

    /** Documents that the project was given; they stay as they came. */
    private static final Path GIVEN = Path.of("src/test/resources/seeds");

    private static List<Path> files;

    @BeforeAll
    static void listFiles() throws IOException, InterruptedException {
        Process git = new ProcessBuilder("git", "ls-files", "-z")
                .redirectErrorStream(true)
                .start();
        String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(git.waitFor()).as("git ls-files: " + output).isZero();
        files = Stream.of(output.split("\0"))
                .map(Path::of)
                .filter(file -> TEXTS.contains(extension(file)) && !file.startsWith(GIVEN))
                .filter(Files::isRegularFile)
                .toList();
        assertThat(files).contains(Path.of("pom.xml"));
    }

    @Test
    void everyPackage_tellsWhatItIsFor_andIsNullMarked() {
        Set<Path> packages = javaRoots(file -> true);
        Set<Path> described = javaRoots(
                file -> file.endsWith("package-info.java") && read(file).contains("@NullMarked"));
        assertThat(packages).isNotEmpty();
        assertThat(described).containsAll(packages);
    }

    @Test
    void files_holdNoLeftoverMarkers() {
        assertThat(findings(files, LEFTOVER)).isEmpty();
    }

    @Test
    void files_nameNoPathOfAMachine() {
        assertThat(findings(files, PATH_OF_A_MACHINE)).isEmpty();
    }

    @Test
    void files_nameNoHostThatPackagesComeFrom() {
        assertThat(findings(files, PACKAGE_HOST)).isEmpty();
    }

    @Test
    void files_haveNoTabsAndNoTrailingBlanks() {
        List<Path> sources = files.stream()
                .filter(file -> INDENTED_WITH_BLANKS.contains(extension(file)))
                .toList();
        assertThat(findings(sources, Pattern.compile("\t|[ \t]$"))).isEmpty();
    }

    @Test
    void failures_areNotedInOnePlace() {
        List<Path> program = files.stream()
                .filter(file ->
                        file.startsWith("src/main/java") && extension(file).equals("java"))
                .filter(file -> !file.equals(FAILURES))
                .toList();
        assertThat(program).isNotEmpty();
        assertThat(findings(program, MESSAGE_ALONE)).isEmpty();
    }

    @Test
    void pages_haveOneTitle() {
        assertThat(files.stream().filter(file -> extension(file).equals("md")))
                .allSatisfy(
                        page -> assertThat(titles(page)).as("titles of " + page).hasSize(1));
    }

    @Test
    void longFiles_areListed_andStayFew() {
        List<Path> sources =
                files.stream().filter(file -> extension(file).equals("java")).toList();
        List<String> longOnes = sources.stream()
                .filter(file -> lines(file) > LINES_WORTH_A_LOOK)
                .map(file -> "%s: %d lines".formatted(file, lines(file)))
                .toList();
        longOnes.forEach(System.out::println);
        assertThat(longOnes).as("more than one file in twenty is long").hasSizeLessThanOrEqualTo(sources.size() / 20);
    }

    /** The packages, as paths below {@code src/main/java} or {@code src/test/java}, of the Java files that match. */
    private static Set<Path> javaRoots(Predicate<Path> wanted) {
        return files.stream()
                .filter(file -> extension(file).equals("java"))
                .filter(file -> file.startsWith("src/main/java") || file.startsWith("src/test/java"))
                .filter(wanted)
                .map(file -> file.subpath(3, file.getNameCount() - 1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> findings(List<Path> files, Pattern pattern) {
        List<String> findings = new ArrayList<>();
        for (Path file : files) {
            int number = 0;
            for (String line : read(file).split("\n", -1)) {
                number++;
                if (pattern.matcher(line).find()) {
                    findings.add(file + ":" + number + ": " + line.strip());
                }
            }
        }
        return findings;
    }

    private static List<String> titles(Path page) {
        List<String> titles = new ArrayList<>();
        boolean code = false;
        for (String line : read(page).split("\n", -1)) {
            if (line.stripLeading().startsWith("```")) {
                code = !code;
            } else if (!code && line.startsWith("# ")) {
                titles.add(line);
            }
        }
        return titles;
    }

    private static long lines(Path file) {
        return read(file).lines().count();
    }

    private static String extension(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(file + " cannot be read as UTF-8", e);
        }
    }
}
