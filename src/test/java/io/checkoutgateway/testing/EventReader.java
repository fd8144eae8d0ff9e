package io.checkoutgateway.testing;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** Reads a stream of events as it comes, and holds each against the contract. */
public final class EventReader implements AutoCloseable {
    private final ContractClient.Answer head;
    private final InputStream body;
    private final PublishedAnswers contract;
    private final SentEvents parser = new SentEvents();
    private final List<SentEvents.Event> events = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private boolean ended;

    EventReader(ContractClient.Answer head, InputStream body, PublishedAnswers contract) {
        this.head = head;
        this.body = body;
        this.contract = contract;
        Thread reader = new Thread(this::readAll, "event-reader");
        reader.setDaemon(true);
        reader.start();
    }

    private void readAll() {
        try (BufferedReader text = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            for (String line = text.readLine(); line != null; line = text.readLine()) {
                take(line);
            }
        } catch (IOException closed) {
            // By either side; what matters is that it ended.
        }
        end();
    }

    private synchronized void take(String line) {
        lines.add(line);
        parser.read(line).ifPresent(events::add);
    }

    private synchronized void end() {
        ended = true;
    }

    private synchronized List<SentEvents.Event> events() {
        return List.copyOf(events);
    }

    /** The answer's status and headers. */
    public ContractClient.Answer head() {
        return head;
    }

    /** The types of the events so far. */
    public List<String> types() {
        return events().stream().map(SentEvents.Event::type).toList();
    }

    /** The data of the events so far, each as the contract has it. */
    public List<JsonObject> data() {
        List<SentEvents.Event> all = events();
        all.forEach(contract::check);
        return all.stream().map(SentEvents.Event::data).toList();
    }

    /** The ids of the events so far. */
    public List<String> ids() {
        return events().stream().map(SentEvents.Event::id).toList();
    }

    /** Each line so far, as it came. */
    public synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /** The id to come again with. */
    public synchronized String lastId() {
        return parser.lastId();
    }

    /** Whether the stream is over. */
    public synchronized boolean ended() {
        return ended;
    }

    /** Waits until this holds of what was read. */
    public EventReader until(Predicate<EventReader> condition) {
        Awaitility.await().untilAsserted(() -> {
            if (!condition.test(this)) {
                throw new AssertionError("so far came " + lines());
            }
        });
        return this;
    }

    /** Waits for an event of this type. */
    public EventReader untilType(String type) {
        return until(reader -> reader.types().contains(type));
    }

    /** Waits until the server ends the stream. */
    public EventReader untilEnd() {
        return until(EventReader::ended);
    }

    /** Leaves. */
    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
