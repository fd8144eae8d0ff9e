package io.checkoutgateway.sandbox.faults;

import java.time.Duration;
import java.util.Map;

/** What goes wrong. "Before" means that nothing was done yet, "after" that the work is done and remembered. */
public sealed interface Effect {

    /** Waits in real time, then goes on. */
    record Delay(boolean afterCommit, Duration time) implements Effect {}

    /** Stops until somebody releases the fault. */
    record Hold(boolean afterCommit) implements Effect {}

    /** Closes the connection without an answer. */
    record Drop(boolean afterCommit) implements Effect {}

    /**
     * Answers instead of working.
     *
     * @param error the error object's members, message included
     * @param stored whether an idempotency key remembers this answer, as Stripe does with a 500
     */
    record Answer(int status, Map<String, String> headers, Map<String, String> error, boolean stored)
            implements Effect {
        public Answer {
            if (status < 400 || status > 599) {
                throw new IllegalArgumentException("a fault answers with 400 to 599, was " + status);
            }
            headers = Map.copyOf(headers);
            error = Map.copyOf(error);
        }
    }

    /** Does the work, then sends this text instead of the answer. */
    record Garbage(int status, String body) implements Effect {}

    static Effect delayBefore(Duration time) {
        return new Delay(false, time);
    }

    static Effect delayAfter(Duration time) {
        return new Delay(true, time);
    }

    static Effect holdBefore() {
        return new Hold(false);
    }

    static Effect holdAfter() {
        return new Hold(true);
    }

    /** The JDK's client sends a request again, once, when this happens to it: script it twice to be noticed. */
    static Effect dropBefore() {
        return new Drop(false);
    }

    /** The session exists, the caller does not know. */
    static Effect dropAfter() {
        return new Drop(true);
    }

    /**
     * 429 as the rate limiter says it.
     *
     * @param reason global-rate, endpoint-rate, global-concurrency, endpoint-concurrency or resource-specific
     */
    static Effect rateLimited(String reason) {
        return new Answer(
                429,
                Map.of("Stripe-Rate-Limited-Reason", reason),
                Map.of(
                        "type",
                        "invalid_request_error",
                        "code",
                        "rate_limit",
                        "message",
                        "Request rate limit exceeded. You can learn more about rate limits here "
                                + "https://stripe.com/docs/rate-limits."),
                false);
    }

    /** 429 as a locked object says it; clients retry it because of {@code Stripe-Should-Retry}. */
    static Effect lockTimeout() {
        return new Answer(
                429,
                Map.of("Stripe-Should-Retry", "true"),
                Map.of(
                        "type",
                        "invalid_request_error",
                        "code",
                        "lock_timeout",
                        "message",
                        "This object cannot be accessed right now because another API request or Stripe process is "
                                + "currently accessing it. If you see this error intermittently, retry the request. If "
                                + "you see this error frequently and are making multiple concurrent requests to a single "
                                + "object, make your requests serially or at a lower rate."),
                false);
    }

    /** 500 in the middle of the work: nothing was done, and the key remembers the failure. */
    static Effect serverError() {
        return new Answer(
                500,
                Map.of("Stripe-Should-Retry", "false"),
                Map.of(
                        "type",
                        "api_error",
                        "message",
                        "An unknown error occurred while processing the request. Please try again."),
                true);
    }

    /** 503 before the work; the key stays free. */
    static Effect unavailable() {
        return status(503);
    }

    /** Any status with a plain error; the key stays free. */
    static Effect status(int status) {
        String type = status >= 500 ? "api_error" : "invalid_request_error";
        return new Answer(status, Map.of(), Map.of("type", type, "message", "Scripted answer " + status + "."), false);
    }

    /** 200 and no body at all. */
    static Effect emptyBody() {
        return new Garbage(200, "");
    }

    /** 200 and half a JSON document. */
    static Effect malformedBody() {
        return new Garbage(200, "{\"id\": \"cs_te");
    }
}
