package io.checkoutgateway.store;

import io.checkoutgateway.events.EventLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The statements for events that somebody asks for, made of what is asked: a condition that is not asked for would keep
 * Postgres from the index of the others. Values travel as parameters; states, which have indexes of their own, are words
 * of ours.
 */
final class EventSelect {
    static final String TABLE = "stripe_events";

    static final String COLUMNS =
            """
            e.id, e.app_id, e.event_id, e.type, e.api_version, e.account, e.livemode, e.created, e.object_id,
            e.received_at, e.origin, e.state, e.attempts, e.next_attempt_at, e.settled_at, e.outcome
            """;

    private static final String OF_PAYMENTS =
            "(e.type LIKE 'payment\\_intent.%' OR e.type LIKE 'customer.subscription.%')";

    private static final String APPS = "e.app_id = ANY (ARRAY(SELECT id FROM apps WHERE namespace = #{namespace}))";
    private static final String APP =
            "e.app_id = ANY (ARRAY(SELECT id FROM apps WHERE namespace = #{namespace} AND id = #{app_id}))";

    /**
     * The beginnings of ids, each with the condition of the index that all events of such an object are in, but for thin
     * ones, which are ignored: those are found by session or type.
     */
    private static final Map<String, String> INDEXED_OBJECTS = Map.of(
            "seti_", "(e.type LIKE 'setup\\_intent.%' OR e.type = 'payment_method.detached')",
            "pi_", OF_PAYMENTS,
            "sub_", OF_PAYMENTS);

    /** The states that few events are in, each with an index of its own. */
    private static final List<String> INDEXED_STATES = List.of("pending", "quarantined");

    /** Twice what the clocks of a webhook may differ by: none is told of before it was made. */
    private static final Duration CLOCKS = Duration.ofMinutes(10);

    /**
     * Objects whose events are wanted.
     *
     * @param ids at Stripe
     * @param sessionId of ours, which events may have changed; {@code null} when only the objects matter
     * @param made when the first of them was made at Stripe; {@code null} while that is not known
     */
    record Subject(List<String> ids, @Nullable String sessionId, @Nullable Instant made) {}

    private final EventLog.Filter filter;
    private final @Nullable Subject subject;
    private final Parameters parameters;
    private final List<String> conditions = new ArrayList<>();

    private EventSelect(String namespace, EventLog.Filter filter, @Nullable Subject subject) {
        this.filter = filter;
        this.subject = subject;
        this.parameters = Parameters.of("namespace", namespace);
    }

    static EventSelect of(String namespace, EventLog.Filter filter, @Nullable Subject subject) {
        EventSelect select = new EventSelect(namespace, filter, subject);
        select.add(filter.appId() == null ? APPS : APP, "app_id", filter.appId());
        select.addIf("e.event_id = #{event_id}", "event_id", filter.eventId());
        select.addIf("e.object_id = #{object_id}", "object_id", filter.objectId());
        select.addIf("e.type = #{type}", "type", filter.type());
        select.addIf("e.received_at >= #{from}", "from", Rows.utc(filter.from()));
        select.addIf("e.received_at < #{to}", "to", Rows.utc(filter.to()));
        if (filter.state() != null) {
            select.conditions.add(stateIs("e.", filter.state()));
        }
        if (subject != null) {
            select.addSubject(subject);
        }
        return select;
    }

    private void addSubject(Subject about) {
        parameters.and("objects", about.ids().toArray(String[]::new));
        String isAbout = "e.object_id = ANY (#{objects}::text[])";
        addIf(isAbout + (about.sessionId() == null ? "" : " OR e.outcome = #{session}"), "session", about.sessionId());
        if (about.sessionId() == null) {
            conditions.add(isAbout);
        }
        conditions.addAll(indexed());
    }

    private void addIf(String condition, String name, @Nullable Object value) {
        if (value != null) {
            add("(" + condition + ")", name, value);
        }
    }

    private void add(String condition, String name, @Nullable Object value) {
        conditions.add(condition);
        parameters.and(name, value);
    }

    /** A word that is no state is none of any event. */
    private static String stateIs(String alias, String state) {
        return EventLog.STATES.contains(state) ? alias + "state = '" + state + "'" : "false";
    }

    /** Whether an index leads to what is wanted, however large the inbox is. */
    boolean isLookup() {
        return filter.eventId() != null || !indexed().isEmpty();
    }

    /** The condition of the index that all events of the one wanted object are in; none when there is no such index. */
    private List<String> indexed() {
        if (subject == null || subject.sessionId() != null || subject.ids().size() != 1) {
            return List.of();
        }
        String id = subject.ids().get(0);
        return INDEXED_OBJECTS.entrySet().stream()
                .filter(object -> id.startsWith(object.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** The condition of the index whose rows alone need to be walked through; empty for all rows. */
    String walked() {
        String state = filter.state();
        return state != null && INDEXED_STATES.contains(state) ? stateIs("", state) : "";
    }

    /** When the first of the wanted events may have arrived; {@code null} for any time. */
    @Nullable
    Instant from() {
        Instant made = subject == null || subject.made() == null
                ? null
                : subject.made().minus(CLOCKS);
        Instant from = filter.from();
        return from == null || (made != null && made.isAfter(from)) ? made : from;
    }

    String page(IdStretch stretch, int most) {
        return "SELECT " + COLUMNS + from(stretch) + " LIMIT " + most;
    }

    /** The ids of as many, for a statement that changes them. */
    String ids(IdStretch stretch, int most) {
        return "SELECT e.id" + from(stretch) + " LIMIT " + most;
    }

    private String from(IdStretch stretch) {
        boolean ofFew = !walked().isEmpty();
        List<String> met = new ArrayList<>(conditions);
        if (ofFew) {
            met.add("e.id > #{low} AND e.id < #{high}");
        }
        return " FROM stripe_events e WHERE " + stretch.rows("e", TABLE, met, ofFew || isLookup());
    }

    Map<String, Object> parameters(IdStretch stretch) {
        return parameters.and("low", stretch.low()).and("high", stretch.high()).map();
    }
}
