package io.checkoutgateway.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The files of {@code k8s} as trees, by default those of {@code base}. Read anew by each test; nothing is rendered, so no cluster tool is needed. */
final class Manifests {
    static final Path BASE = Path.of("k8s/base");
    private static final YAMLMapper YAML = new YAMLMapper();

    private Manifests() {}

    /** Every document of a file. */
    static List<JsonNode> documents(String file) {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(BASE.resolve(file).toFile())) {
            return documents.readAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The only document of a component's file. */
    static JsonNode ofComponent(String component, String file) {
        return documents(Path.of("..", "components", component, file).toString())
                .get(0);
    }

    /** The page that tells how to use them. */
    static String readme() {
        try {
            return Files.readString(BASE.resolveSibling("README.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode kustomization() {
        return documents("kustomization.yaml").get(0);
    }

    static JsonNode deployment() {
        return documents("deployment.yaml").get(0);
    }

    /** The pod's specification. */
    static JsonNode pod() {
        return deployment().at("/spec/template/spec");
    }

    /** The container that serves. */
    static JsonNode gateway() {
        return pod().at("/containers/0");
    }

    /** Init containers first, in the order in which they run. */
    static List<JsonNode> containers() {
        return Stream.concat(items(pod().path("initContainers")), items(pod().path("containers")))
                .toList();
    }

    /** The variables of a container that name a key of a Secret: the variable's name and its {@code secretKeyRef}. */
    static Map<String, JsonNode> secretVariables(JsonNode container) {
        Map<String, JsonNode> variables = new TreeMap<>();
        items(container.path("env"))
                .filter(variable -> variable.at("/valueFrom/secretKeyRef").isObject())
                .forEach(variable ->
                        variables.put(variable.path("name").asText(), variable.at("/valueFrom/secretKeyRef")));
        return variables;
    }

    /** The content of the ConfigMap, as the generator reads it. */
    static Map<String, String> configured() {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(BASE.resolve("settings.env"))) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> settings = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        return settings;
    }

    /** The names of all files of the base. */
    static List<String> files() {
        try (Stream<Path> files = Files.list(BASE)) {
            return new ArrayList<>(
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<JsonNode> items(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    static List<String> texts(JsonNode array) {
        return items(array).map(JsonNode::asText).toList();
    }
}
