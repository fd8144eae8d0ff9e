package io.checkoutgateway.house;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.checkoutgateway.store.Migrations;
import io.checkoutgateway.stripe.StripeCalls;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which room may enter which. The map in words is the root package's documentation; this is the lock on the doors. */
class RoomsTest {
    private static final String ROOT = "io.checkoutgateway";
    private static final String STRIPE = ROOT + ".stripe..";
    private static final String STORE = ROOT + ".store..";
    private static final String SANDBOX = ROOT + ".sandbox..";
    private static final String HTTP = ROOT + ".http..";
    private static final String MANAGEMENT = ROOT + ".management..";

    /**
     * What each room of the middle may know of the others, besides itself. A session belongs to a customer and an app,
     * an event changes a session; never the other way round. {@code api} is the generated wire model.
     */
    private static final Map<String, List<String>> MAY_ENTER = Map.ofEntries(
            Map.entry("settings", List.of()),
            Map.entry("failure", List.of()),
            Map.entry("cache", List.of()),
            Map.entry("idempotency", List.of("failure")),
            Map.entry("listing", List.of()),
            Map.entry("audit", List.of("cache", "failure")),
            Map.entry("secrets", List.of("audit", "failure", "settings")),
            Map.entry("access", List.of("audit", "cache", "failure", "idempotency", "settings")),
            Map.entry("limits", List.of("cache", "failure", "settings")),
            Map.entry("apps", List.of("audit", "cache", "failure", "idempotency", "settings")),
            Map.entry("customers", List.of("apps", "audit", "failure", "idempotency", "listing")),
            Map.entry(
                    "checkout",
                    List.of("api", "apps", "audit", "customers", "failure", "idempotency", "listing", "settings")),
            Map.entry("followup", List.of("apps", "audit", "checkout", "customers", "failure", "listing", "settings")),
            Map.entry("events", List.of("apps", "audit", "checkout", "failure", "followup", "listing", "settings")),
            Map.entry("feed", List.of("cache")),
            Map.entry(
                    "mirror",
                    List.of("apps", "audit", "cache", "checkout", "events", "failure", "idempotency", "settings")),
            Map.entry("outgoing", List.of("audit", "cache", "failure", "idempotency", "settings")));

    private static JavaClasses house;

    @BeforeAll
    static void readTheHouse() {
        house = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .withImportOption(location -> !location.contains("/api/model/"))
                .importPackages(ROOT);
        assertThat(house.contain(StripeCalls.class)).isTrue();
    }

    @Test
    void stripeLibrary_isSeenByTheStripeRoomOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage(STRIPE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.stripe..")
                .check(house);
    }

    @Test
    void sql_isSeenByTheStoreOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage(STORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx.sqlclient..", "io.vertx.pgclient..", "org.flywaydb..", "org.postgresql..")
                .check(house);
    }

    @Test
    void jdbc_isSeenByMigrationsAndTheEmbeddedDatabaseOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages(STORE, SANDBOX)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..")
                .check(house);
    }

    @Test
    void embeddedPostgres_isSeenByTheSandboxOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage(SANDBOX)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.zonky..")
                .check(house);
    }

    @Test
    void web_isSeenOnlyWhereRequestsArrive() {
        noClasses()
                .that()
                .resideOutsideOfPackages(HTTP, SANDBOX, MANAGEMENT)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.vertx.ext.web..")
                .check(house);
    }

    @Test
    void sandbox_isEnteredFromTheRootOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT, SANDBOX)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(SANDBOX)
                .check(house);
    }

    @Test
    void http_isEnteredFromTheRootOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT, HTTP)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(HTTP)
                .check(house);
    }

    @ParameterizedTest
    @MethodSource("middleRooms")
    void middleRoom_entersOnlyTheRoomsItNeeds(String room) {
        String[] allowed = Stream.concat(Stream.of(room), MAY_ENTER.getOrDefault(room, List.of()).stream())
                .map(other -> ROOT + "." + other + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(ROOT + "." + room + "..")
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(allowed))))
                // A room that is not built yet breaks no rule.
                .allowEmptyShould(true)
                .check(house);
    }

    @Test
    void rooms_doNotTurnInCircles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(house);
    }

    @Test
    void blockingCalls_waitInTheirOwnPlaces() {
        noClasses()
                // The root's demo waits once, for the embedded database to start.
                .that(not(resideInAnyPackage(ROOT, SANDBOX).or(belongToAnyOf(StripeCalls.class, Migrations.class))))
                .should()
                .accessTargetWhere(target(name("executeBlocking")))
                .check(house);
    }

    @Test
    void environment_isReadBySettingsAndTheCommandLineOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT, ROOT + ".settings..")
                .should()
                .accessTargetWhere(target(name("getenv")))
                .check(house);
    }

    @Test
    void everyClass_livesInARoomOfTheMap() {
        String[] rooms = Stream.concat(
                        MAY_ENTER.keySet().stream().map(room -> ROOT + "." + room + ".."),
                        Stream.of(ROOT, STRIPE, STORE, SANDBOX, HTTP, MANAGEMENT))
                .toArray(String[]::new);
        classes().should().resideInAnyPackage(rooms).check(house);
    }

    private static Stream<String> middleRooms() {
        return MAY_ENTER.keySet().stream().sorted();
    }
}
