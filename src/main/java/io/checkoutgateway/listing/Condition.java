package io.checkoutgateway.listing;

import java.util.List;

/**
 * What must hold of a field.
 *
 * @param values one value; any number for the operators that mean "one of", where none means that nothing is found; none
 *     for the existence operators
 */
public record Condition(Operator operator, List<String> values) {
    public Condition {
        values = List.copyOf(values);
    }
}
