package io.checkoutgateway.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.OpenAPIVersion;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Path;
import io.vertx.openapi.contract.SecurityRequirement;
import io.vertx.openapi.contract.SecurityScheme;
import io.vertx.openapi.contract.Server;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One path of a contract as a contract of its own, of which a router with that path alone can be built. */
record PathContract(OpenAPIContract whole, Path path) implements OpenAPIContract {
    @Override
    public @Nullable Operation operation(String operationId) {
        return operations().stream()
                .filter(operation -> operation.getOperationId().equals(operationId))
                .findAny()
                .orElse(null);
    }

    @Override
    public List<Operation> operations() {
        return path.getOperations();
    }

    @Override
    public List<Path> getPaths() {
        return List.of(path);
    }

    @Override
    public JsonObject getRawContract() {
        return whole.getRawContract();
    }

    @Override
    public OpenAPIVersion getVersion() {
        return whole.getVersion();
    }

    @Override
    public SchemaRepository getSchemaRepository() {
        return whole.getSchemaRepository();
    }

    @Override
    public List<Server> getServers() {
        return whole.getServers();
    }

    @Override
    public @Nullable Path findPath(String urlPath) {
        return path.equals(whole.findPath(urlPath)) ? path : null;
    }

    @Override
    public @Nullable Operation findOperation(String urlPath, HttpMethod method) {
        return findPath(urlPath) == null ? null : whole.findOperation(urlPath, method);
    }

    @Override
    public List<SecurityRequirement> getSecurityRequirements() {
        return whole.getSecurityRequirements();
    }

    @Override
    public @Nullable SecurityScheme securityScheme(String name) {
        return whole.securityScheme(name);
    }
}
