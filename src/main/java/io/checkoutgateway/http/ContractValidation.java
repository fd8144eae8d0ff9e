package io.checkoutgateway.http;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import io.checkoutgateway.failure.Reason;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import io.vertx.openapi.contract.Location;
import io.vertx.openapi.contract.MediaType;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Holds a request against the contract, with the contract's own schema repository. The router's stock validation does
 * the same in an ordered {@code executeBlocking}, where a request waits for the ones before it; here it runs in place,
 * which leaves the choice of words to the gateway, and a valid request never meets the slow validator that has them.
 */
final class ContractValidation {
    private final SchemaViolations violations;
    private final SchemaViolations bodyViolations;
    private final List<Checked> parameters;
    private final Set<String> queryNames;
    private final @Nullable Check body;
    private final boolean bodyRequired;

    /** A parameter and what holds of it. */
    private record Checked(Parameter parameter, Check check) {}

    /** A quick answer to whether a value is valid, and a thorough one to why it is not. */
    private record Check(Predicate<@Nullable Object> quick, Validator thorough) {
        static Check of(JsonSchema schema, OpenAPIContract contract) {
            Validator validator = contract.getSchemaRepository().validator(schema);
            return new Check(
                    SchemaPredicate.of((JsonObject) schema, contract.getRawContract())
                            .orElse(value -> false),
                    validator);
        }

        /** What is wrong; empty when nothing is. */
        Optional<OutputUnit> failure(Object value) {
            Object decoded = value instanceof JsonObject object ? object.getMap() : value;
            return quick.test(decoded)
                    ? Optional.empty()
                    : Optional.of(thorough.validate(value)).filter(result -> !result.getValid());
        }
    }

    /** @param bracketed the operation's parameters in {@code deepObject} style, which it reads itself */
    ContractValidation(OpenAPIContract contract, Operation operation, Set<String> bracketed) {
        this.violations = new SchemaViolations(contract.getRawContract());
        this.parameters = operation.getParameters().stream()
                .map(parameter -> new Checked(parameter, Check.of(parameter.getSchema(), contract)))
                .toList();
        this.queryNames = Stream.concat(
                        operation.getParameters().stream()
                                .filter(parameter -> parameter.getIn() == Location.QUERY)
                                .map(Parameter::getName),
                        bracketed.stream())
                .collect(Collectors.toSet());
        MediaType json = operation.getRequestBody() == null
                ? null
                : operation.getRequestBody().determineContentType(Wire.JSON);
        this.body = json == null ? null : Check.of(json.getSchema(), contract);
        this.bodyViolations = json == null
                ? violations
                : new SchemaViolations(contract.getRawContract(), (JsonObject) json.getSchema());
        this.bodyRequired =
                operation.getRequestBody() != null && operation.getRequestBody().isRequired();
    }

    /**
     * Checks path, query and headers.
     *
     * @return the query as an object
     * @throws GatewayException with every violation; with {@link Reason#NOT_FOUND} when the path's ids cannot exist
     */
    JsonObject checkParameters(RoutingContext context) {
        JsonObject query = queryOf(context);
        List<InvalidParameter> broken = new ArrayList<>(unknown(query));
        for (Checked checked : parameters) {
            check(checked, context, query, broken);
        }
        if (!broken.isEmpty()) {
            throw GatewayException.invalid(broken);
        }
        return query;
    }

    /**
     * Checks path and headers of a request whose sender does not choose all of it: somebody gave Stripe an address with a
     * query, or a proxy gave the request an id in a form of its own, and neither is a reason to refuse what is signed.
     *
     * @throws GatewayException as {@link #checkParameters} does
     */
    void checkPathAndHeaders(RoutingContext context) {
        List<InvalidParameter> broken = new ArrayList<>();
        for (Checked checked : parameters) {
            if (!checked.parameter().getName().equalsIgnoreCase(RequestIds.HEADER)) {
                check(checked, context, new JsonObject(), broken);
            }
        }
        if (!broken.isEmpty()) {
            throw GatewayException.invalid(broken);
        }
    }

    private static JsonObject queryOf(RoutingContext context) {
        return context.request().query() == null ? new JsonObject() : QueryParameters.parse(context.queryParams());
    }

    private List<InvalidParameter> unknown(JsonObject query) {
        if (query.isEmpty()) {
            return List.of();
        }
        return query.fieldNames().stream()
                .filter(name -> !queryNames.contains(name))
                .map(name ->
                        InvalidParameter.inQuery(name, "unknown_parameter", "is not a parameter of this operation"))
                .toList();
    }

    private void check(Checked checked, RoutingContext context, JsonObject query, List<InvalidParameter> broken) {
        String name = checked.parameter().getName();
        switch (checked.parameter().getIn()) {
            case PATH -> checkPath(checked, name, context.pathParam(name));
            case HEADER ->
                checkHeader(checked, name, context.request().headers().getAll(name), broken);
            case QUERY -> checkValue(checked, name, query.getValue(name), "query", broken);
            case COOKIE -> throw new IllegalStateException("the contract has no cookies");
        }
    }

    /** An id that no resource can have is answered like one that no resource has. */
    private void checkPath(Checked checked, String name, String value) {
        checked.check().failure(value).ifPresent(failure -> {
            throw GatewayException.notFound(violations.of(failure, name, "path"));
        });
    }

    /** Which of two values counts would be a guess. */
    private void checkHeader(Checked checked, String name, List<String> values, List<InvalidParameter> broken) {
        if (values.size() > 1) {
            broken.add(new InvalidParameter(name, "repeated", "must not be given twice", "header", null));
        } else {
            checkValue(checked, name, values.isEmpty() ? null : values.get(0), "header", broken);
        }
    }

    private void checkValue(
            Checked checked, String name, @Nullable Object value, String source, List<InvalidParameter> broken) {
        if (value == null) {
            if (checked.parameter().isRequired()) {
                broken.add(new InvalidParameter(name, "required", "is required", source, null));
            }
            return;
        }
        checked.check().failure(value).ifPresent(failure -> violations
                .of(failure, name, source)
                .forEach(violation -> broken.add(inContractsWords(checked, violation))));
    }

    /** A parameter's own schema stands apart from the contract's components, and so do the words it has for a mistake. */
    private static InvalidParameter inContractsWords(Checked checked, InvalidParameter violation) {
        String reason = checked.parameter().getSchema().get(SchemaViolations.REASON);
        return reason == null
                ? violation
                : new InvalidParameter(violation.field(), violation.rule(), reason, violation.source(), null);
    }

    /**
     * Checks the body.
     *
     * @return the body; {@code null} when the operation takes none
     * @throws GatewayException with {@link Reason#UNSUPPORTED_MEDIA_TYPE} or with every violation
     */
    @Nullable
    JsonObject checkBody(RoutingContext context) {
        Check check = body;
        if (check == null) {
            return null;
        }
        boolean empty =
                context.body().buffer() == null || context.body().buffer().length() == 0;
        if (empty && !bodyRequired) {
            return null;
        }
        checkMediaType(context.request().getHeader("Content-Type"));
        JsonObject given =
                Wire.decodeObject(empty ? Buffer.buffer() : context.body().buffer());
        check.failure(given).ifPresent(failure -> {
            throw GatewayException.invalid(bodyViolations.of(failure, "", "body"));
        });
        return given;
    }

    static void checkMediaType(@Nullable String contentType) {
        if (Wire.JSON.equals(contentType)) {
            return;
        }
        String mediaType = contentType == null ? "" : contentType.split(";", 2)[0].strip();
        if (!mediaType.equalsIgnoreCase(Wire.JSON)) {
            throw new GatewayException(
                    Reason.UNSUPPORTED_MEDIA_TYPE,
                    contentType == null
                            ? "The Content-Type header is missing; send application/json"
                            : "Send application/json; " + mediaType + " is not supported");
        }
    }
}
