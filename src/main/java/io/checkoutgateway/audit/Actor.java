package io.checkoutgateway.audit;

/**
 * Who asks for a change, and with which request.
 *
 * @param namespace what the change belongs to
 * @param name the credential, not its secret: {@code api_key:<id>}, {@code oidc:<subject>}, {@code command:<user>}, or
 *     {@code gateway} for what it does by itself
 * @param requestId the request's id; for a command, the command
 */
public record Actor(String namespace, String name, String requestId) {
    /** The gateway itself, at work on what a request or an event began. */
    public static Actor gateway(String namespace, String requestId) {
        return new Actor(namespace, "gateway", requestId);
    }

    /** An operator at the command line. */
    public static Actor command(String namespace, String command) {
        return new Actor(namespace, "command:" + System.getProperty("user.name", "unknown"), command);
    }
}
