package io.checkoutgateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The quick test of a schema says what the library's validator says. */
class SchemaPredicateTest {
    private static final String BASE = "app://routed/";
    private static final long SEED = 42;
    private static final int VARIANTS = 3_000;
    private static final int CHANGES_MOST = 3;

    /** What is put in the place of something else, or added. */
    private static final List<@Nullable Object> VALUES = Arrays.asList(
            null,
            true,
            0,
            -1,
            1.0,
            1.5,
            1_795_420_800L,
            "",
            "embedded",
            "hosted",
            "never",
            "always",
            "EUR",
            "https://shop.example.com/a",
            "[x]",
            "€".repeat(500),
            "😀".repeat(500),
            "x".repeat(501),
            new JsonArray(),
            new JsonArray().add("card").add("card"),
            new JsonObject(),
            new JsonObject().put("enabled", true));

    private static final List<String> NAMES = List.of(
            "ui_mode",
            "success_url",
            "return_url",
            "expires_at",
            "redirect_on_completion",
            "gateway_session_id",
            "a[b]",
            "😀".repeat(40),
            "x".repeat(41),
            "kong-plan",
            "unheard_of");

    private static final JsonObject CONTRACT = read(Path.of("target/contract/server.json"));

    @Test
    void of_bodyOfEachOperation_isUnderstood() {
        List<String> slow = new ArrayList<>();
        for (String schema : bodies()) {
            if (SchemaPredicate.of(schemaOf(schema), CONTRACT).isEmpty()) {
                slow.add(schema);
            }
        }
        assertThat(slow)
                .as("schemas with a keyword that SchemaPredicate does not know: valid requests are slow")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "BillingCustomerStripeCreateCheckoutSessionRequest, create-checkout-session.full",
        "BillingCustomerStripeCreateCheckoutSessionRequest, create-checkout-session.embedded",
        "BillingCustomerStripeCreateCheckoutSessionRequest, create-checkout-session.minimal",
        "CreateCustomerRequest, customer.create"
    })
    void test_variantsOfAnExample_meansWhatTheValidatorSays(String schema, String example) {
        Validator validator = validator(schema);
        Predicate<@Nullable Object> predicate =
                SchemaPredicate.of(schemaOf(schema), CONTRACT).orElseThrow();
        Random random = new Random(SEED);
        int valid = 0;
        for (int i = 0; i < VARIANTS; i++) {
            JsonObject variant = read(Path.of("api/examples", example + ".json"));
            for (int changes = random.nextInt(CHANGES_MOST + 1); changes > 0; changes--) {
                change(variant, random);
            }
            boolean expected = validator.validate(variant).getValid();
            valid += expected ? 1 : 0;
            assertThat(predicate.test(Wire.decodeObject(variant.toBuffer()).getMap()))
                    .as("%s", variant)
                    .isEqualTo(expected);
        }
        assertThat(valid).as("valid variants").isBetween(VARIANTS / 20, VARIANTS - VARIANTS / 20);
    }

    /** Replaces, removes or adds a member, somewhere. */
    private static void change(JsonObject object, Random random) {
        List<String> names = new ArrayList<>(object.fieldNames());
        if (names.isEmpty() || random.nextInt(4) == 0) {
            object.put(NAMES.get(random.nextInt(NAMES.size())), value(random));
            return;
        }
        String name = names.get(random.nextInt(names.size()));
        if (object.getValue(name) instanceof JsonObject inner && random.nextInt(8) != 0) {
            change(inner, random);
        } else if (random.nextBoolean()) {
            object.put(name, value(random));
        } else {
            object.remove(name);
        }
    }

    private static @Nullable Object value(Random random) {
        Object value = VALUES.get(random.nextInt(VALUES.size()));
        return value == null ? null : Json.decodeValue(Json.encode(value));
    }

    private static Validator validator(String schema) {
        SchemaRepository schemas = SchemaRepository.create(new JsonSchemaOptions()
                .setBaseUri(BASE)
                .setDraft(Draft.DRAFT202012)
                .setOutputFormat(OutputFormat.Flag));
        schemas.dereference(BASE, JsonSchema.of(CONTRACT.copy()));
        return schemas.validator(JsonSchema.of(new JsonObject().put("$ref", BASE + "#/components/schemas/" + schema)));
    }

    private static JsonObject schemaOf(String name) {
        return new JsonObject().put("$ref", "#/components/schemas/" + name);
    }

    private static TreeSet<String> bodies() {
        TreeSet<String> names = new TreeSet<>();
        CONTRACT.getJsonObject("paths").forEach(path -> ((JsonObject) path.getValue()).forEach(method -> {
            if (method.getValue() instanceof JsonObject operation && operation.containsKey("requestBody")) {
                JsonObject content = operation.getJsonObject("requestBody").getJsonObject("content");
                String reference = content.getJsonObject("application/json")
                        .getJsonObject("schema")
                        .getString("$ref");
                names.add(reference.substring(reference.lastIndexOf('/') + 1));
            }
        }));
        return names;
    }

    private static JsonObject read(Path file) {
        try {
            return new JsonObject(Files.readString(file));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
