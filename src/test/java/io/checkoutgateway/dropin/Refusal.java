package io.checkoutgateway.dropin;

import com.fasterxml.jackson.databind.JsonNode;
import io.checkoutgateway.dropin.Problem.Broken;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What the gateway says when it refuses something that their schema allows.
 *
 * @param operation whose refusal it is
 * @param place a JSON Pointer into the body or the name of a parameter; empty for a problem that names none
 * @param value what must stand there for the refusal to be right
 * @param request what the request must be like besides
 */
record Refusal(
        Pattern operation,
        int status,
        String code,
        Pattern place,
        Pattern rule,
        Predicate<JsonNode> value,
        Predicate<Request> request) {
    private static final Pattern ANY = Pattern.compile(".*", Pattern.DOTALL);
    private static final Pattern NOWHERE = Pattern.compile("");

    /** A 400 for this place and rule, right where the value is such. */
    static Refusal invalid(String place, String rule, Predicate<JsonNode> value) {
        return new Refusal(ANY, 400, "invalid_request", whole(place), Pattern.compile(rule), value, any -> true);
    }

    /** Another status, which names this place. */
    static Refusal at(String place, int status, String code) {
        return at(place, status, code, value -> true);
    }

    /** Another status, which names this place, right where the value is such. */
    static Refusal at(String place, int status, String code, Predicate<JsonNode> value) {
        return new Refusal(ANY, status, code, whole(place), ANY, value, any -> true);
    }

    /** Another status, which names no place. */
    static Refusal of(int status, String code) {
        return new Refusal(ANY, status, code, NOWHERE, ANY, value -> true, any -> true);
    }

    /** The same of these operations only. */
    Refusal in(String operations) {
        return new Refusal(Pattern.compile(operations), status, code, place, rule, value, request);
    }

    /** The same, right only where such a value stands at another place of the body. */
    Refusal where(String pointer, Predicate<JsonNode> other) {
        return new Refusal(
                operation, status, code, place, rule, value, request.and(sent -> other.test(sent.at(pointer))));
    }

    private static Pattern whole(String place) {
        return Pattern.compile(place, Pattern.DOTALL);
    }

    boolean explains(Problem problem, Request sent) {
        return matches(problem, sent) && place == NOWHERE;
    }

    boolean explains(Problem problem, Broken broken, Request sent) {
        return matches(problem, sent)
                && place != NOWHERE
                && place.matcher(broken.place()).matches()
                && rule.matcher(broken.rule()).matches()
                && value.test(sent.at(broken.place()));
    }

    private boolean matches(Problem problem, Request sent) {
        return problem.status() == status
                && problem.code().equals(code)
                && operation.matcher(sent.operation().id()).matches()
                && request.test(sent);
    }
}
