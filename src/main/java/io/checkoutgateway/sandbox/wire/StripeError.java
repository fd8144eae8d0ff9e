package io.checkoutgateway.sandbox.wire;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A refusal as Stripe words it. Thrown anywhere below the HTTP front, which turns it into the answer. Wordings come
 * from recorded answers where one is known (stripe-semantics, section 1.2).
 */
public final class StripeError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String type;
    private final String text;
    private final transient Map<String, Object> details = new LinkedHashMap<>();
    private final transient Map<String, String> headers = new LinkedHashMap<>();
    private boolean validation;

    private StripeError(int status, String type, String text) {
        super(text, null, false, false);
        this.status = status;
        this.type = type;
        this.text = text;
    }

    /** Any status and type. */
    public static StripeError of(int status, String type, String message) {
        return new StripeError(status, type, message);
    }

    /** 400: the request cannot be executed as the world stands. */
    public static StripeError invalid(String message) {
        return new StripeError(400, "invalid_request_error", message);
    }

    /** 400: a parameter is wrong whatever the world looks like; not kept under an idempotency key. */
    public static StripeError parameter(String message, String param) {
        return invalid(message).param(param).beforeExecution();
    }

    /** 400: a required parameter did not come. */
    public static StripeError missing(String param) {
        return parameter("Missing required param: " + param + ".", param).code("parameter_missing");
    }

    /** The object does not exist: 404 when it is in the path, 400 when a parameter names it. */
    public static StripeError noSuch(String object, String id, String param, int status) {
        return new StripeError(status, "invalid_request_error", "No such " + object + ": '" + id + "'")
                .code("resource_missing")
                .param(param);
    }

    @CanIgnoreReturnValue
    public StripeError code(String code) {
        details.put("code", code);
        details.put("doc_url", "https://stripe.com/docs/error-codes/" + code.replace('_', '-'));
        return this;
    }

    @CanIgnoreReturnValue
    public StripeError param(String param) {
        details.put("param", param);
        return this;
    }

    /** One more member of the error object, such as {@code decline_code}. */
    @CanIgnoreReturnValue
    public StripeError detail(String name, Object value) {
        details.put(name, value);
        return this;
    }

    /** One more response header, such as {@code Stripe-Should-Retry}. */
    @CanIgnoreReturnValue
    public StripeError header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** Says that nothing had been executed yet, so that an idempotency key stays free. */
    @CanIgnoreReturnValue
    public StripeError beforeExecution() {
        validation = true;
        return this;
    }

    /** Whether Stripe would forget this answer and run the next request with the same key anew. */
    public boolean isBeforeExecution() {
        return validation;
    }

    public int status() {
        return status;
    }

    public Map<String, String> headers() {
        return headers;
    }

    public @Nullable String code() {
        return (String) details.get("code");
    }

    /** The body; absent members are absent, never null. */
    public JsonObject toJson(String requestId, long now) {
        JsonObject error = new JsonObject();
        details.forEach(error::put);
        error.put("message", text);
        error.put("request_log_url", "https://dashboard.stripe.com/test/logs/" + requestId + "?t=" + now);
        return new JsonObject().put("error", error.put("type", type));
    }
}
