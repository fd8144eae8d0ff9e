package io.checkoutgateway.checkout;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The metadata keys that the gateway puts on sessions and SetupIntents to find its own again. The {@code om_} keys are
 * those of OpenMeter, so that tools which read them at Stripe go on working.
 */
public final class ReservedMetadata {
    public static final String NAMESPACE = "om_namespace";
    public static final String APP_ID = "om_app_id";
    public static final String CUSTOMER_ID = "om_customer_id";
    /** Our ULID of the session. */
    public static final String SESSION_ID = "gateway_session_id";
    /** Which attempt at the create this was, counting from 1. */
    public static final String ATTEMPT = "gateway_attempt";

    public static final List<String> KEYS = List.of(NAMESPACE, APP_ID, CUSTOMER_ID, SESSION_ID, ATTEMPT);

    private ReservedMetadata() {}

    /** The caller's own entries, in their order. */
    public static Map<String, String> without(Map<String, String> metadata) {
        Map<String, String> callers = new LinkedHashMap<>(metadata);
        callers.keySet().removeAll(KEYS);
        return callers;
    }
}
