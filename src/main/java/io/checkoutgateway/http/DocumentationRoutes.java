package io.checkoutgateway.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;

/** The contract as it is, and a page to read and try it that asks no other host for anything. */
final class DocumentationRoutes {
    private static final String SWAGGER_UI = "META-INF/resources/webjars/swagger-ui/5.34.1";

    /** The page's own scripts and styles only; the viewer sets styles on elements and draws icons from data. */
    private static final String POLICY =
            "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'none'; "
                    + "frame-ancestors 'none'";

    private final Contract contract;

    DocumentationRoutes(Contract contract) {
        this.contract = contract;
    }

    void mount(Router router) {
        router.route(HttpMethod.GET, "/openapi.json")
                .handler(context -> send(context, contract.json(), "application/json"));
        router.route(HttpMethod.GET, "/openapi.yaml")
                .handler(context -> send(context, contract.yaml(), "application/yaml"));
        router.route(HttpMethod.GET, "/openapi-sdk.json")
                .handler(context -> send(context, contract.forSdks(), "application/json"));
        router.route(HttpMethod.GET, "/docs/*").handler(DocumentationRoutes::protect);
        router.route(HttpMethod.GET, "/docs/swagger-ui/*")
                .handler(StaticHandler.create(FileSystemAccess.RELATIVE, SWAGGER_UI));
        router.route(HttpMethod.GET, "/docs/*").handler(StaticHandler.create(FileSystemAccess.RELATIVE, "docs"));
        router.route(HttpMethod.GET, "/docs").handler(context -> context.redirect("/docs/"));
    }

    private static void protect(RoutingContext context) {
        // None of the files needs an escape, and the reader of files fails on one that leads out of its directory.
        if (context.request().path().indexOf('%') >= 0) {
            context.fail(404);
            return;
        }
        context.response().putHeader(SecurityHeaders.POLICY, POLICY);
        context.next();
    }

    private static void send(RoutingContext context, Buffer document, String mediaType) {
        context.response().putHeader("Content-Type", mediaType).end(document).onFailure(context::fail);
    }
}
