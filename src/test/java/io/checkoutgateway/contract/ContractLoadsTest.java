package io.checkoutgateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The documents that the build derives say the same as the published one, as far as their readers go. */
@ExtendWith(VertxExtension.class)
class ContractLoadsTest {
    @Test
    void load_serverCopy_hasEveryPublishedOperation(Vertx vertx, VertxTestContext test) {
        OpenAPIContract.from(vertx, PublishedContract.SERVER)
                .onComplete(test.succeeding(loaded -> test.verify(() -> {
                    assertThat(loaded.operations().stream().map(Operation::getOperationId))
                            .containsExactlyInAnyOrderElementsOf(
                                    Walk.operations(PublishedContract.read()).keySet());
                    test.completeNow();
                })));
    }

    @Test
    void derive_serverCopy_leavesBodiesAsPublished() {
        ObjectNode server = PublishedContract.read(PublishedContract.SERVER);

        assertThat(requestBodies(server)).isEqualTo(requestBodies(PublishedContract.read()));
        for (String name : Walk.responseSchemas(server)) {
            assertThat(server.at("/components/schemas/" + name)).as(name).isEqualTo(PublishedContract.schema(name));
        }
    }

    @Test
    void publish_yaml_saysTheSameAsJson() throws IOException {
        try (InputStream yaml = getClass().getClassLoader().getResourceAsStream("contract/openapi.yaml")) {
            assertThat(new YAMLMapper().readTree(Objects.requireNonNull(yaml))).isEqualTo(PublishedContract.read());
        }
    }

    private static Map<String, JsonNode> requestBodies(ObjectNode contract) {
        return Walk.operations(contract).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, e -> e.getValue().at("/requestBody/content/application~1json/schema")));
    }
}
