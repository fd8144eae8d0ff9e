package io.checkoutgateway.sandbox.world;

import java.security.SecureRandom;
import java.util.Random;

/** Makes ids that look like Stripe's; the same seed gives the same ids in the same order. */
public final class Ids {
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /** {@code cs_test_} and this many make 66 characters, the longest id Stripe's path accepts. */
    private static final int SESSION = 56;

    private final Random random;

    /**
     * Makes ids.
     *
     * @param seed 0 for ids nobody can foresee
     */
    public Ids(long seed) {
        this.random = seed == 0 ? new SecureRandom() : new Random(seed);
    }

    /** A short id such as {@code cus_…}. */
    public String brief(String prefix) {
        return prefix + "_" + text(14);
    }

    /** A long id such as {@code seti_1…}. */
    public String full(String prefix) {
        return prefix + "_1" + text(23);
    }

    /** {@code cs_test_c1…} for setup, b1 for subscription, a1 for payment. */
    public String session(String mode) {
        char family = mode.equals("setup") ? 'c' : 'a';
        return "cs_test_" + family + "1" + text(SESSION);
    }

    /** What a browser may know of an object: its id and a part nobody can guess. */
    public String clientSecret(String id) {
        return id + "_secret_" + text(25);
    }

    /** The signing secret of a webhook endpoint. */
    public String webhookSecret() {
        return "whsec_" + text(32);
    }

    /** That many letters and digits. */
    public String text(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
