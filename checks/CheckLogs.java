import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads everything that the tests' programs wrote and fails the build with file and line when a secret is among it: the
 * tests plant canaries, and what looks like a key, a signing secret, a token or an e-mail address is one.
 *
 * <p>The build runs it after the tests: {@code java checks/CheckLogs.java target/surefire-reports}.
 */
public final class CheckLogs {
    private static final String OUTPUT = "-output.txt";

    /** Fewer files than this mean that the check looks in the wrong place. */
    private static final int FILES_MIN = 1;

    private static final Map<String, Pattern> SECRETS = new TreeMap<>(Map.of(
            "a planted canary", Pattern.compile("(?i)canary"),
            "a Stripe key", Pattern.compile("\\b[sr]k_(test|live)_[A-Za-z0-9_]{4,}"),
            "a signing secret", Pattern.compile("\\bwhsec_[A-Za-z0-9+/=_-]{4,}"),
            "an API key", Pattern.compile("\\bcgk_[0-9a-f]{16}_[0-9a-f]+"),
            "a client secret", Pattern.compile("\\b(cs|seti|pi)_\\w+_secret_\\w+|client_secret\\W{1,4}\\w"),
            "a bearer token", Pattern.compile("(?i)\\bbearer [a-z0-9._~+/-]{16,}"),
            "a JSON web token", Pattern.compile("\\beyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{4,}"),
            "a password in a URL", Pattern.compile("\\b[a-z+]{2,12}://[^\\s/:@\"]+:[^\\s/@\"]+@"),
            "an e-mail address",
                    Pattern.compile("[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*\\.[A-Za-z]{2,}\\b")));

    private CheckLogs() {}

    public static void main(String[] arguments) throws IOException {
        List<String> findings = findings(Path.of(arguments[0]));
        findings.forEach(System.err::println);
        if (!findings.isEmpty()) {
            System.err.println("Secrets were logged: " + findings.size());
            System.exit(1);
        }
    }

    /** What was found, as {@code file:line: kind}, without repeating it. */
    public static List<String> findings(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            // No test ran, as with -DskipTests.
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> outputs = files.filter(file -> file.toString().endsWith(OUTPUT))
                    .sorted()
                    .toList();
            if (outputs.size() < FILES_MIN) {
                return List.of(directory + ": holds no output of tests, so nothing was checked");
            }
            List<String> findings = new ArrayList<>();
            for (Path output : outputs) {
                read(output, findings);
            }
            return findings;
        }
    }

    private static void read(Path file, List<String> findings) throws IOException {
        int number = 0;
        for (String line : new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n", -1)) {
            number++;
            for (Map.Entry<String, Pattern> secret : SECRETS.entrySet()) {
                Matcher found = secret.getValue().matcher(line);
                if (found.find()) {
                    findings.add("%s:%d: %s in column %d".formatted(file, number, secret.getKey(), found.start() + 1));
                }
            }
        }
    }
}
