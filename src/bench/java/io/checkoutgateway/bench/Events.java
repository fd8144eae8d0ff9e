package io.checkoutgateway.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Events as Stripe writes them, with placeholders of {@link Prepared} for their ids and their objects'. */
final class Events {
    private static final Path DIRECTORY = Path.of("src", "bench", "events");

    private Events() {}

    /** A customer's card is set up; of 3 KB, like most events of sessions. */
    static String sessionCompleted() {
        return read("checkout.session.completed");
    }

    /** What Stripe sends of the same session's SetupIntent. */
    static String setupIntentSucceeded() {
        return read("setup_intent.succeeded");
    }

    private static String read(String type) {
        try {
            return Files.readString(DIRECTORY.resolve(type + ".json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
