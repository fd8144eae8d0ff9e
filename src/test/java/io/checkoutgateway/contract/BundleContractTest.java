package io.checkoutgateway.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A contract that contradicts itself stops the build with a sentence that says where. */
class BundleContractTest {
    private static final String CONTRACT =
            """
            paths:
              /things:
                get:
                  operationId: list-things
                  responses:
                    '200': {content: {application/json: {schema: {$ref: ./schemas/Thing.json}}}}
                post:
                  operationId: create-thing
                  responses: {'201': {description: Made.}}
            components: {}
            """;

    private static final String THING = "{\"type\": \"object\"}";

    private static Method bundle;

    /** The program is a source file that the build runs as it is, so it is on no class path. */
    @BeforeAll
    static void compile(@TempDir Path classes) throws ReflectiveOperationException, MalformedURLException {
        int result = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-d", classes.toString(), "codegen/BundleContract.java");
        assertThat(result).isZero();
        URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, BundleContractTest.class.getClassLoader());
        bundle = loader.loadClass("BundleContract").getMethod("bundle", Path.class, Path.class);
    }

    @ParameterizedTest
    @MethodSource
    void bundle_brokenContract_stopsAndSaysWhy(
            String contract, String schemaName, String schema, String complaint, @TempDir Path api) throws IOException {
        Files.createDirectory(api.resolve("schemas"));
        Files.writeString(api.resolve("openapi.yaml"), contract);
        Files.writeString(api.resolve("schemas/Thing.json"), THING);
        Files.writeString(api.resolve("schemas/" + schemaName + ".json"), schema);

        Throwable failure = catchThrowable(() -> bundle.invoke(null, api, api.resolve("target")));

        assertThat(failure).hasRootCauseMessage(complaint);
        assertThat(api.resolve("target")).doesNotExist();
    }

    static Stream<Arguments> bundle_brokenContract_stopsAndSaysWhy() {
        return Stream.of(
                argumentSet(
                        "dangling reference",
                        CONTRACT,
                        "Thing",
                        "{\"$ref\": \"Nothing.json\"}",
                        "nothing is at $ref #/components/schemas/Nothing"),
                argumentSet("unused schema", CONTRACT, "Spare", THING, "no operation uses the schemas [Spare]"),
                argumentSet(
                        "two operations of one name",
                        CONTRACT.replace("create-thing", "list-things"),
                        "Thing",
                        THING,
                        "two operations are called list-things"),
                argumentSet(
                        "missing example",
                        CONTRACT.replace("description: Made.", "content: {a: {externalValue: ./examples/gone.json}}"),
                        "Thing",
                        THING,
                        "the example ./examples/gone.json does not exist"));
    }
}
