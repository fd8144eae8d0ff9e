package io.checkoutgateway.sandbox.wire;

import org.jspecify.annotations.Nullable;

/** What one parameter may look like. */
@FunctionalInterface
public interface Shape {
    /**
     * Turns what was sent into a JSON value.
     *
     * @param path the parameter as the caller wrote it, for the error
     * @param raw a string or a map of such
     * @return a string, number, boolean, {@code JsonArray} or {@code JsonObject}; null means "unset this"
     * @throws StripeError when it is not of this shape
     */
    @Nullable
    Object read(String path, Object raw);
}
