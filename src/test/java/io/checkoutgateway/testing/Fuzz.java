package io.checkoutgateway.testing;

import java.util.Random;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many hostile inputs for one target. The seed is a constant, so that a build that was green stays green;
 * {@code -Dfuzz.seed=random} draws another, {@code -Dfuzz.seed=<number>} repeats one. It is not jqwik's, whose seeds
 * cannot be chosen from the command line; properties have {@link #PROPERTY_SEED}, for the same reason.
 */
public final class Fuzz {
    /** How many inputs each target gets. */
    public static final int INPUTS = 10_000;

    /** What every property of jqwik is tried with. */
    public static final String PROPERTY_SEED = "20261122";

    private static final Logger LOG = LoggerFactory.getLogger(Fuzz.class);
    private static final long COMMITTED_SEED = 20_261_122L;
    private static final long SEED = seed(System.getProperty("fuzz.seed", ""));

    private Fuzz() {}

    private static long seed(String wish) {
        return switch (wish) {
            case "" -> COMMITTED_SEED;
            case "random" -> new SplittableRandom().nextLong();
            default -> Long.parseLong(wish);
        };
    }

    /** What is done with one input. */
    @FunctionalInterface
    public interface Attempt {
        void with(Random random) throws Exception;
    }

    /** Tries every input; the first that fails is told with what it takes to repeat it. */
    public static void each(String target, Attempt attempt) {
        LOG.atInfo().addKeyValue("target", target).addKeyValue("seed", SEED).log("fuzzing");
        for (int input = 0; input < INPUTS; input++) {
            try {
                attempt.with(random(target, input));
            } catch (Exception | AssertionError | StackOverflowError failure) {
                throw new AssertionError(
                        "%s, input %d, -Dfuzz.seed=%d: %s".formatted(target, input, SEED, failure.getMessage()),
                        failure);
            }
        }
    }

    /** Every input has a source of its own, so that one can be repeated without those before it. */
    public static Random random(String target, int input) {
        return new Random(SEED * 31 + target.hashCode() * 1_000_003L + input);
    }

    /** What to say of an input that failed. */
    public static String name(String target, int input) {
        return "%s, input %d, -Dfuzz.seed=%d".formatted(target, input, SEED);
    }
}
