package io.checkoutgateway.settings;

/**
 * How much callers may ask for, over all replicas; 0 is no limit.
 *
 * @param requestsPerSecond the steady rate of one credential
 * @param requestsBurst how many requests a credential that was silent may send at once
 * @param createsPerMinute how many sessions may be opened for one customer
 */
public record RateSettings(int requestsPerSecond, int requestsBurst, int createsPerMinute) {}
