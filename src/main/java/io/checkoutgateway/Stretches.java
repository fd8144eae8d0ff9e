package io.checkoutgateway;

import io.checkoutgateway.listing.Repeated;
import io.checkoutgateway.listing.Stretch;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Long lists at a terminal: who asked waits until enough was found, however many looks that takes. */
final class Stretches {
    private Stretches() {}

    /**
     * Tells of what is found, from look to look, until there are enough or no more.
     *
     * @param look from which place, and for how many
     * @return the place to go on after, where there may be more
     */
    static <T> Future<Optional<Long>> upTo(
            int limit, long after, BiFunction<Long, Integer, Future<Stretch<T>>> look, Consumer<T> told) {
        return look.apply(after, limit).compose(stretch -> {
            stretch.found().forEach(told);
            int left = limit - stretch.found().size();
            Long next = stretch.next();
            return next == null || left == 0
                    ? Future.succeededFuture(Optional.ofNullable(next))
                    : upTo(left, next, look, told);
        });
    }

    /** Tells whoever reads the list that it was cut; whatever reads its lines is not disturbed. */
    static void tellOfMore(CommandSpec spec, Optional<Long> next) {
        next.ifPresent(place -> spec.commandLine().getErr().println("more: --after " + place));
    }

    /** Repeats all that match, from call to call; answers how many they were. */
    static Future<Integer> all(LongFunction<Future<Repeated>> call) {
        return all(call, 0, 0);
    }

    private static Future<Integer> all(LongFunction<Future<Repeated>> call, long after, int before) {
        return call.apply(after).compose(repeated -> {
            int sum = before + repeated.count();
            Long next = repeated.next();
            return next == null ? Future.succeededFuture(sum) : all(call, next, sum);
        });
    }

    /** Either one thing is named, or it is said of which state they are: nobody repeats everything by accident. */
    static void requireOne(CommandSpec spec, boolean named, boolean ofAState, boolean conditions) {
        if (!named && !ofAState) {
            throw mistake(spec, "name one by its id, or say with --state which ones");
        }
        if (named && ofAState) {
            throw mistake(spec, "name one by its id, or say with --state which ones, not both");
        }
        if (named && conditions) {
            throw mistake(spec, "--dry-run and conditions go with --state; one that is named needs none");
        }
    }

    static ParameterException mistake(CommandSpec spec, String told) {
        return new ParameterException(spec.commandLine(), told);
    }
}
