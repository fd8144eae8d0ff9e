import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes the root file system of an image that has no base image: a Java runtime linked from the given JDK, and the C
 * library and loader of this machine, which that runtime needs. Run by the profile {@code image-scratch}:
 *
 * <pre>java AssembleRuntime.java JDK-DIRECTORY ROOT-DIRECTORY</pre>
 */
final class AssembleRuntime {
    /**
     * What {@code jdeps --print-module-deps} finds in the gateway and its libraries, and what it cannot see:
     * elliptic-curve TLS, zip file systems, Netty's reading of the machine's name servers, Kerberos in the JDBC driver.
     */
    private static final String MODULES = String.join(
            ",",
            "java.base",
            "java.compiler",
            "java.desktop",
            "java.instrument",
            "java.logging",
            "java.management",
            "java.naming",
            "java.net.http",
            "java.security.jgss",
            "java.sql",
            "java.xml",
            "jdk.crypto.ec",
            "jdk.httpserver",
            "jdk.jfr",
            "jdk.management",
            "jdk.naming.dns",
            "jdk.unsupported",
            "jdk.zipfs");

    /** What a program without a screen loads; the rest of java.desktop would pull in X11. */
    private static final List<String> LOADED = List.of(
            "bin/java",
            "lib/server/libjvm.so",
            "lib/libjava.so",
            "lib/libjimage.so",
            "lib/libnet.so",
            "lib/libnio.so",
            "lib/libzip.so",
            "lib/libextnet.so",
            "lib/libmanagement.so",
            "lib/libmanagement_ext.so",
            "lib/libinstrument.so");

    /** A line of ldd's: a name and where it was found, or the loader's path alone. */
    private static final Pattern FOUND = Pattern.compile("(/\\S+) \\(0x[0-9a-f]+\\)");

    private final Path root;
    private final Path runtime;

    private AssembleRuntime(Path root) {
        this.root = root;
        this.runtime = root.resolve("opt/java");
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path jdk = Path.of(arguments[0]);
        AssembleRuntime image = new AssembleRuntime(Path.of(arguments[1]));
        image.clear();
        image.link(jdk);
        image.addNativeLibraries();
        image.addDirectories();
    }

    private void clear() throws IOException {
        if (Files.exists(root)) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        Files.createDirectories(runtime.getParent());
    }

    private void link(Path jdk) throws IOException, InterruptedException {
        String output = run(
                jdk.resolve("bin/jlink").toString(),
                "--add-modules",
                MODULES,
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                "--output",
                runtime.toString());
        System.out.print(output);
        Path certificates = runtime.resolve("lib/security/cacerts");
        if (!Files.exists(certificates)) {
            // Debian's JDK keeps them outside of itself; without them no call to Stripe would be trusted.
            Files.copy(jdk.resolve("lib/security/cacerts").toRealPath(), certificates);
        }
    }

    private void addNativeLibraries() throws IOException, InterruptedException {
        Set<Path> libraries = new TreeSet<>();
        for (String file : LOADED) {
            Path loaded = runtime.resolve(file);
            if (Files.exists(loaded)) {
                libraries.addAll(neededBy(loaded));
            }
        }
        for (Path library : libraries) {
            Path target = root.resolve(library.toString().substring(1));
            Files.createDirectories(target.getParent());
            Files.copy(library, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private List<Path> neededBy(Path file) throws IOException, InterruptedException {
        List<Path> needed = new ArrayList<>();
        Matcher found = FOUND.matcher(run("ldd", file.toString()));
        while (found.find()) {
            Path library = Path.of(found.group(1)).normalize();
            if (!library.startsWith(runtime.toAbsolutePath().normalize())) {
                needed.add(library);
            }
        }
        return needed;
    }

    private void addDirectories() throws IOException {
        // Writable by the profile's permissions; a cluster mounts a volume here.
        Files.createDirectories(root.resolve("tmp"));
        Path users = root.resolve("etc/passwd");
        Files.createDirectories(users.getParent());
        Files.writeString(users, "gateway:x:65532:65532:gateway:/tmp:/sbin/nologin\n");
        Files.writeString(root.resolve("etc/group"), "gateway:x:65532:\n");
        // Stated, because the preset order differs between versions of the C library.
        Files.writeString(root.resolve("etc/nsswitch.conf"), "hosts: files dns\n");
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed:\n" + output);
        }
        return output;
    }
}
