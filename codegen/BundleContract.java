import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Joins {@code api/openapi.yaml}, {@code api/schemas/*.json} and {@code api/examples/*.json} into one document and derives from it what each tool
 * of the build can digest. What is written where, and why, is the table in {@code codegen/README.md}.
 *
 * <p>Run by the build, before anything is generated: {@code java -cp <Jackson> BundleContract.java api target/contract}.
 * Stops the build with a sentence when the contract contradicts itself.
 */
public final class BundleContract {
    private static final String SCHEMAS = "#/components/schemas/";

    private BundleContract() {}

    public static void main(String[] args) throws IOException {
        try {
            bundle(Path.of(args[0]), Path.of(args[1]));
        } catch (Contract.Broken broken) {
            System.err.println("The contract in " + args[0] + " is broken: " + broken.getMessage());
            System.exit(1);
        }
    }

    /** Writes everything that is derived from the contract in {@code api} to {@code target}. */
    public static void bundle(Path api, Path target) throws IOException {
        ObjectNode contract = Contract.join(api);
        Contract.check(contract);
        Output.json(target.resolve("openapi.json"), contract);
        Output.yaml(target.resolve("openapi.yaml"), contract);
        Output.json(target.resolve("server.json"), ForServer.derive(contract));
        Output.json(target.resolve("sdk/openapi.json"), ForSdks.derive(contract));
        Output.directory(target.resolve("models"), ForModels.derive(contract));
    }

    /** The one self-contained document: the published contract. */
    static final class Contract {
        /** The contract contradicts itself; the message is for the one who edits it. */
        static final class Broken extends RuntimeException {
            private static final long serialVersionUID = 1;

            Broken(String message) {
                super(message);
            }
        }

        static ObjectNode join(Path api) throws IOException {
            ObjectNode contract = (ObjectNode)
                    new YAMLMapper().readTree(api.resolve("openapi.yaml").toFile());
            ObjectNode schemas = ((ObjectNode) contract.get("components")).putObject("schemas");
            readSchemas(api.resolve("schemas")).forEach(schemas::set);
            Tree.objects(contract, Contract::pointIntoDocument);
            Tree.objects(contract, node -> takeIn(api, node));
            Callers.complete(contract);
            return contract;
        }

        private static void takeIn(Path api, ObjectNode example) {
            String file = example.path("externalValue").asText();
            if (!file.startsWith("./examples/")) {
                return;
            }
            if (!Files.exists(api.resolve(file))) {
                throw new Broken("the example " + file + " does not exist");
            }
            try {
                example.set(
                        "value", new ObjectMapper().readTree(api.resolve(file).toFile()));
                example.remove("externalValue");
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }

        private static Map<String, ObjectNode> readSchemas(Path directory) throws IOException {
            Map<String, ObjectNode> schemas = new TreeMap<>();
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    String name = file.getFileName().toString().replace(".json", "");
                    ObjectNode schema = (ObjectNode) new ObjectMapper().readTree(file.toFile());
                    // Both belong to a file of its own. One delivered $id, a bare fragment, is not even a legal one.
                    schema.remove(List.of("$schema", "$id"));
                    schemas.put(name, schema);
                }
            }
            return schemas;
        }

        private static void pointIntoDocument(ObjectNode node) {
            String ref = node.path("$ref").asText();
            if (ref.endsWith(".json")) {
                String file = ref.substring(ref.lastIndexOf('/') + 1);
                node.put("$ref", SCHEMAS + file.substring(0, file.length() - ".json".length()));
            }
        }

        static void check(ObjectNode contract) {
            checkReferences(contract);
            checkOperationIds(contract);
            Set<String> unused = names(contract);
            unused.removeAll(Reach.from(contract, contract.get("paths"), contract.path("webhooks")));
            if (!unused.isEmpty()) {
                throw new Broken("no operation uses the schemas " + unused);
            }
        }

        private static void checkReferences(ObjectNode contract) {
            Tree.objects(contract, node -> {
                String ref = node.path("$ref").asText();
                boolean dangles =
                        !ref.startsWith("#/") || contract.at(ref.substring(1)).isMissingNode();
                if (node.path("$ref").isTextual() && dangles) {
                    throw new Broken("nothing is at $ref " + ref);
                }
            });
        }

        private static void checkOperationIds(ObjectNode contract) {
            Set<String> seen = new HashSet<>();
            Tree.operations(contract, operation -> {
                String id = operation.path("operationId").asText();
                if (!seen.add(id)) {
                    throw new Broken("two operations are called " + id);
                }
            });
        }

        static Set<String> names(ObjectNode contract) {
            Set<String> names = new TreeSet<>();
            contract.at("/components/schemas").fieldNames().forEachRemaining(names::add);
            return names;
        }
    }

    /** What holds of every operation that needs a credential, and is written once. */
    static final class Callers {
        private static final String KEY = "apiKey";
        private static final String TOKEN = "oidc";
        /** In an order of its own: that of {@link Map#of} is another in each process, and so would be what is released. */
        private static final Map<String, String> HEADERS =
                new TreeMap<>(Map.of("RateLimit-Policy", "RateLimitPolicy", "RateLimit", "RateLimit"));

        static void complete(ObjectNode contract) {
            Tree.operations(contract, operation -> {
                if (!operation.path("security").isEmpty()) {
                    takeTokens(contract, operation);
                    operation.get("responses").forEach(response -> declareRates(contract, response));
                }
            });
        }

        /** Where a key opens a door, a token with the same scope does. */
        private static void takeTokens(ObjectNode contract, ObjectNode operation) {
            ArrayNode ways = (ArrayNode) operation.get("security");
            JsonNode scopes = ways.path(0).path(KEY);
            if (ways.size() == 1
                    && scopes.isArray()
                    && contract.at("/components/securitySchemes").has(TOKEN)) {
                ways.addObject().set(TOKEN, scopes.deepCopy());
            }
        }

        private static void declareRates(ObjectNode contract, JsonNode response) {
            String ref = response.path("$ref").asText();
            JsonNode declared = ref.isEmpty() ? response : contract.at(ref.substring(1));
            HEADERS.forEach((header, name) -> {
                if (contract.at("/components/headers").has(name)
                        && declared.path("headers") instanceof ObjectNode headers) {
                    headers.putObject(header).put("$ref", "#/components/headers/" + name);
                }
            });
        }

        /**
         * A client sends one bearer, whatever it is: with two schemes some generators send it twice. The router checks
         * credentials itself, and with two schemes insists on having a part in it.
         */
        static void keepOne(ObjectNode contract) {
            Tree.operations(contract, operation -> {
                if (operation.path("security") instanceof ArrayNode ways && ways.size() > 1) {
                    ways.remove(1);
                }
            });
            if (contract.at("/components/securitySchemes") instanceof ObjectNode schemes) {
                schemes.remove(TOKEN);
            }
        }
    }

    /** The copy Vert.x routes and validates with: it refuses to load the two things that are taken out here. */
    static final class ForServer {
        private static final Map<String, String> KNOWN_FOR_UNKNOWN = new TreeMap<>(Map.of(
                "application/problem+json", "application/json",
                "text/event-stream", "text/plain"));

        static ObjectNode derive(ObjectNode contract) {
            ObjectNode copy = contract.deepCopy();
            copy.remove("webhooks");
            Callers.keepOne(copy);
            Parameters.dropWhere(
                    copy, parameter -> parameter.path("style").asText().equals("deepObject"));
            Tree.objects(copy.at("/components/responses"), ForServer::renameMediaTypes);
            Tree.objects(copy.get("paths"), ForServer::renameMediaTypes);
            // Examples are for readers; Vert.x would take them for more schemas and keep them in memory.
            Tree.objects(copy.get("paths"), node -> node.remove("examples"));
            Tree.objects(copy.at("/components/responses"), node -> node.remove("examples"));
            return copy;
        }

        private static void renameMediaTypes(ObjectNode node) {
            KNOWN_FOR_UNKNOWN.forEach((unknown, known) -> {
                if (node.has(unknown)) {
                    node.set(known, node.remove(unknown));
                }
            });
        }
    }

    /** The copy the client generators read. */
    static final class ForSdks {
        // Clients set these on every request, through an interceptor; as arguments of every method they are noise.
        private static final Set<String> TRANSPORT_HEADERS = Set.of("X-Request-Id", "If-None-Match", "Last-Event-ID");

        static ObjectNode derive(ObjectNode contract) {
            ObjectNode copy = contract.deepCopy();
            copy.remove("webhooks");
            Callers.keepOne(copy);
            Rules.strip(copy);
            Parameters.dropWhere(
                    copy, p -> TRANSPORT_HEADERS.contains(p.path("name").asText()));
            openAnswers(copy);
            Tree.objects(copy, ForSdks::flattenFilter);
            ((ObjectNode) copy.at("/components/schemas")).remove("FieldFilter");
            return copy;
        }

        // Go and Rust clients refuse unknown members of a closed type, so a type that answers use is never closed.
        private static void openAnswers(ObjectNode contract) {
            List<JsonNode> answers = new ArrayList<>();
            Tree.operations(contract, operation -> answers.add(operation.get("responses")));
            for (String name : Reach.from(contract, answers.toArray(JsonNode[]::new))) {
                ObjectNode schema = (ObjectNode) contract.at("/components/schemas/" + name);
                if (schema.path("additionalProperties").isBoolean()) {
                    schema.put("additionalProperties", true);
                }
            }
        }

        // No generator writes a deepObject two levels deep. One level is left: filter[field]=value, which means
        // "equals".
        // An open rest beside named members makes the Java generator forget to import the class.
        private static void flattenFilter(ObjectNode node) {
            if (isFilter(node)) {
                node.put("type", "string").remove("anyOf");
            }
            if (isFilter(node.path("additionalProperties"))) {
                node.put("additionalProperties", false);
            }
        }

        private static boolean isFilter(JsonNode node) {
            return node.at("/anyOf/1/$ref").asText().equals(SCHEMAS + "FieldFilter");
        }
    }

    /** One file for each type in a body, for jsonschema2pojo. */
    static final class ForModels {
        static Map<String, ObjectNode> derive(ObjectNode contract) {
            ObjectNode copy = contract.deepCopy();
            Rules.strip(copy);
            List<JsonNode> bodies = new ArrayList<>();
            Tree.operations(copy, operation -> {
                bodies.add(operation.path("requestBody"));
                bodies.add(operation.get("responses"));
            });
            Map<String, ObjectNode> models = new TreeMap<>();
            for (String name : Reach.from(copy, bodies.toArray(JsonNode[]::new))) {
                ObjectNode schema = (ObjectNode) copy.at("/components/schemas/" + name);
                Tree.objects(schema, node -> adapt(node, copy));
                models.put(folder(schema) + name, schema);
            }
            return models;
        }

        // An enumeration met first inside an object becomes a nested type of it, so objects are generated last.
        private static String folder(JsonNode schema) {
            return schema.has("properties") ? "objects/" : "words/";
        }

        private static void adapt(ObjectNode node, ObjectNode contract) {
            String ref = node.path("$ref").asText();
            if (ref.startsWith(SCHEMAS)) {
                node.put(
                        "$ref",
                        "../" + folder(contract.at(ref.substring(1))) + ref.substring(SCHEMAS.length()) + ".json");
            }
            if (isMap(node)) {
                // Without a name for it the generator makes an empty class of a map, and its entries are lost.
                boolean texts = node.at("/additionalProperties/type").asText().equals("string");
                String values = texts ? "java.lang.String" : "java.lang.Object";
                node.put("existingJavaType", "java.util.Map<java.lang.String, " + values + ">");
            } else if (node.path("format").asText().equals("int64")) {
                // The generator knows one kind of integer, and amounts outgrow it.
                node.put("existingJavaType", "java.lang.Long");
            }
        }

        private static boolean isMap(ObjectNode node) {
            JsonNode type = node.path("type");
            boolean object =
                    type.asText().equals("object") || type.path(0).asText().equals("object");
            return object && !node.has("properties");
        }
    }

    /** What the server alone needs: generators stumble over it, or make types of it. */
    static final class Rules {
        // Defaults are among them, because a client that writes a default into every request can never get a new one.
        private static final List<String> KEYWORDS =
                List.of("if", "then", "else", "propertyNames", "x-reason", "x-rule", "$comment", "default");

        static void strip(ObjectNode contract) {
            Tree.objects(contract.get("components"), node -> {
                node.remove(KEYWORDS);
                if (node.path("allOf").path(0).has("if")) {
                    node.remove("allOf");
                }
            });
        }
    }

    /** Parameters, which operations refer to by name. */
    static final class Parameters {
        static void dropWhere(ObjectNode contract, Predicate<JsonNode> unwanted) {
            ObjectNode parameters = (ObjectNode) contract.at("/components/parameters");
            Set<String> dropped = new HashSet<>();
            parameters.properties().forEach(entry -> {
                if (unwanted.test(entry.getValue())) {
                    dropped.add(entry.getKey());
                }
            });
            parameters.remove(dropped);
            Tree.operations(contract, operation -> {
                List<JsonNode> kept = keep(operation, dropped);
                operation.remove("parameters");
                if (!kept.isEmpty()) {
                    operation.putArray("parameters").addAll(kept);
                }
            });
            dropUnusedSchemas(contract);
        }

        private static List<JsonNode> keep(JsonNode operation, Set<String> dropped) {
            List<JsonNode> kept = new ArrayList<>();
            for (JsonNode parameter : operation.path("parameters")) {
                String ref = parameter.path("$ref").asText();
                if (!dropped.contains(ref.substring(ref.lastIndexOf('/') + 1))) {
                    kept.add(parameter);
                }
            }
            return kept;
        }

        private static void dropUnusedSchemas(ObjectNode contract) {
            Set<String> unused = Contract.names(contract);
            unused.removeAll(Reach.from(contract, contract.get("paths")));
            ((ObjectNode) contract.at("/components/schemas")).remove(unused);
        }
    }

    /** Which schemas a part of the document leads to. */
    static final class Reach {
        static Set<String> from(ObjectNode contract, JsonNode... starts) {
            Set<String> reached = new TreeSet<>();
            Deque<JsonNode> open = new ArrayDeque<>(List.of(starts));
            while (!open.isEmpty()) {
                Tree.objects(open.pop(), node -> {
                    String ref = node.path("$ref").asText();
                    if (!ref.isEmpty() && reached.add(ref)) {
                        open.push(contract.at(ref.substring(1)));
                    }
                });
            }
            return reached.stream()
                    .filter(ref -> ref.startsWith(SCHEMAS))
                    .map(ref -> ref.substring(SCHEMAS.length()))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** Walks. */
    static final class Tree {
        static void objects(JsonNode node, Consumer<ObjectNode> visitor) {
            if (node instanceof ObjectNode object) {
                visitor.accept(object);
            }
            node.forEach(child -> objects(child, visitor));
        }

        static void operations(ObjectNode contract, Consumer<ObjectNode> visitor) {
            contract.get("paths").forEach(path -> path.forEach(operation -> visitor.accept((ObjectNode) operation)));
        }
    }

    /** Files, written only when their content changes, so that what depends on them is not made again. */
    static final class Output {
        private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        private static final ObjectMapper YAML = new YAMLMapper(new YAMLFactory()
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER));

        static void json(Path file, JsonNode content) throws IOException {
            write(file, JSON, content);
        }

        static void yaml(Path file, JsonNode content) throws IOException {
            write(file, YAML, content);
        }

        static void directory(Path directory, Map<String, ObjectNode> files) throws IOException {
            Set<Path> wanted = new HashSet<>();
            for (Map.Entry<String, ObjectNode> file : files.entrySet()) {
                Path path = directory.resolve(file.getKey() + ".json");
                wanted.add(path);
                json(path, file.getValue());
            }
            try (Stream<Path> present = Files.walk(directory)) {
                for (Path file : (Iterable<Path>) present.filter(Files::isRegularFile)::iterator) {
                    if (!wanted.contains(file)) {
                        Files.delete(file);
                    }
                }
            }
        }

        private static void write(Path file, ObjectMapper mapper, JsonNode content) throws IOException {
            String text = mapper.writeValueAsString(content);
            if (Files.exists(file) && Files.readString(file).equals(text)) {
                return;
            }
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
    }
}
