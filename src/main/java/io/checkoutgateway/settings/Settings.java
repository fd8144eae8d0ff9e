package io.checkoutgateway.settings;

/** All settings. */
public record Settings() {}
