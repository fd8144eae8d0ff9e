package io.checkoutgateway.sandbox.events;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One event on its way to one endpoint. */
public final class Delivery {
    /** Where a delivery stands. */
    public enum State {
        PENDING,
        DELIVERED,
        FAILED,
        /** Lost on purpose; the event still says that it is undelivered. */
        DROPPED
    }

    private final String id;
    private final JsonObject event;
    private final Endpoint endpoint;
    private final boolean copy;
    private final int order;
    private final Promise<Void> firstAnswer = Promise.promise();
    private Instant due;
    private State state = State.PENDING;
    private int attempts;
    private int lastStatus;
    private @Nullable String lastError;

    Delivery(String id, JsonObject event, Endpoint endpoint, boolean copy, int order, Instant due) {
        this.id = id;
        this.event = event;
        this.endpoint = endpoint;
        this.copy = copy;
        this.order = order;
        this.due = due;
    }

    public String id() {
        return id;
    }

    public String eventId() {
        return event.getString("id");
    }

    public State state() {
        return state;
    }

    public int attempts() {
        return attempts;
    }

    JsonObject event() {
        return event;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    int order() {
        return order;
    }

    Instant due() {
        return due;
    }

    /** Whether the event's {@code pending_webhooks} counts it; a duplicate is not counted twice. */
    boolean isCounted() {
        return !copy;
    }

    /** Completes when the endpoint answered, or failed to, for the first time. */
    Future<Void> firstAnswer() {
        return firstAnswer.future();
    }

    void dueAt(Instant moment) {
        due = moment;
        state = State.PENDING;
    }

    void drop() {
        state = State.DROPPED;
        firstAnswer.tryComplete();
    }

    void answered(int status) {
        attempts++;
        lastStatus = status;
        lastError = null;
        if (status >= 200 && status < 300) {
            state = State.DELIVERED;
        }
        firstAnswer.tryComplete();
    }

    void unanswered(Throwable reason) {
        attempts++;
        lastStatus = 0;
        lastError = String.valueOf(reason.getMessage());
        firstAnswer.tryComplete();
    }

    void giveUp() {
        state = State.FAILED;
        firstAnswer.tryComplete();
    }

    /** For the operator. */
    public JsonObject toJson() {
        return new JsonObject()
                .put("id", id)
                .put("event", eventId())
                .put("type", event.getString("type"))
                .put("endpoint", endpoint.id())
                .put("url", endpoint.url())
                .put("state", state.name().toLowerCase(java.util.Locale.ROOT))
                .put("attempts", attempts)
                .put("last_status", lastStatus == 0 ? null : lastStatus)
                .put("last_error", lastError)
                .put("due", due.toString());
    }
}
