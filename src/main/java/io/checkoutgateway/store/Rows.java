package io.checkoutgateway.store;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Between Postgres' types and the product's. */
final class Rows {
    private Rows() {}

    static Optional<Row> first(RowSet<Row> rows) {
        RowIterator<Row> iterator = rows.iterator();
        return iterator.hasNext() ? Optional.of(iterator.next()) : Optional.empty();
    }

    static @Nullable Instant instant(Row row, String column) {
        OffsetDateTime time = row.getOffsetDateTime(column);
        return time == null ? null : time.toInstant();
    }

    static Instant instantOf(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }

    static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    /** As {@code make_interval} takes them, to the millisecond. */
    static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    static Map<String, String> strings(@Nullable JsonObject object) {
        Map<String, String> strings = new LinkedHashMap<>();
        if (object != null) {
            object.forEach(entry -> strings.put(entry.getKey(), String.valueOf(entry.getValue())));
        }
        return strings;
    }

    static JsonObject json(Map<String, String> strings) {
        JsonObject object = new JsonObject();
        strings.forEach(object::put);
        return object;
    }
}
