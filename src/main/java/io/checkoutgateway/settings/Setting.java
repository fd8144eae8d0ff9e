package io.checkoutgateway.settings;

import org.jspecify.annotations.Nullable;

/**
 * One thing that may be configured, as the operator sees it.
 *
 * @param name the variable's name, the same in the environment, in a file and as a system property
 * @param preset the value used when nothing is given; {@code null} when there is none
 * @param required whether the gateway refuses to start without it
 * @param secret whether its value is kept out of every log
 * @param meaning one sentence for the README's table
 */
public record Setting(String name, @Nullable String preset, boolean required, boolean secret, String meaning) {}
