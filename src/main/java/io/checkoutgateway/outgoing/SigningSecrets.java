package io.checkoutgateway.outgoing;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookSigningException;
import io.checkoutgateway.settings.Secret;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The secrets that an endpoint's messages are signed with: the newest, and those it replaced a short while ago.
 * (Standard Webhooks 1.0, "Signature scheme".)
 */
public record SigningSecrets(List<Secret> live) {
    private static final String PREFIX = "whsec_";

    /** The specification asks for 24 to 64; HMAC-SHA256 gains nothing beyond its own 32. */
    private static final int BYTES = 32;

    public SigningSecrets {
        live = List.copyOf(live);
    }

    /** Draws a new secret. */
    static Secret draw(SecureRandom random) {
        byte[] drawn = new byte[BYTES];
        random.nextBytes(drawn);
        return Secret.of(PREFIX + Base64.getEncoder().encodeToString(drawn));
    }

    /**
     * The {@code webhook-signature} header: a signature by each of the secrets, the newest first.
     *
     * @param timestamp Unix seconds, as in the {@code webhook-timestamp} header
     * @param body the text that is sent
     */
    String sign(String messageId, long timestamp, String body) {
        return live.stream()
                .map(secret -> sign(secret, messageId, timestamp, body))
                .collect(Collectors.joining(" "));
    }

    private static String sign(Secret secret, String messageId, long timestamp, String body) {
        try {
            return new Webhook(secret.reveal()).sign(messageId, timestamp, body);
        } catch (EmptyWebhookSecretException | WebhookSigningException e) {
            throw new IllegalStateException("a message could not be signed", e);
        }
    }
}
