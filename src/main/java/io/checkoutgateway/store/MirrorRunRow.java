package io.checkoutgateway.store;

import io.checkoutgateway.mirror.Finding;
import io.checkoutgateway.mirror.MirrorRun;
import io.checkoutgateway.mirror.MirrorRun.Progress;
import io.checkoutgateway.mirror.Tally;
import io.checkoutgateway.mirror.Window;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Rows of {@code mirror_runs}, {@code mirror_windows} and {@code mirror_findings}. */
final class MirrorRunRow {
    private MirrorRunRow() {}

    static MirrorRun toRun(Row row) {
        return new MirrorRun(
                row.getString("id"),
                row.getLong("number"),
                row.getString("namespace"),
                row.getString("app_id"),
                row.getString("account"),
                MirrorRun.Kind.valueOf(upper(row, "kind")),
                row.getBoolean("repair"),
                MirrorRun.State.valueOf(upper(row, "state")),
                row.getString("failure"),
                row.getString("waiting"),
                Rows.instant(row, "range_from"),
                Rows.instantOf(row, "range_to"),
                Rows.instantOf(row, "created_at"),
                Rows.instant(row, "finished_at"),
                new Progress(
                        row.getInteger("windows"),
                        row.getInteger("windows_done"),
                        row.getLong("pages"),
                        row.getLong("seen"),
                        toTally(row)));
    }

    private static Tally toTally(Row row) {
        return new Tally(
                row.getLong("added"),
                row.getLong("changed"),
                row.getLong("unreadable"),
                row.getLong("missing_here"),
                row.getLong("missing_at_stripe"),
                row.getLong("differs"),
                row.getLong("repaired"));
    }

    static Window toWindow(Row row) {
        String place = row.getString("cursor_id");
        return new Window(
                MirrorRun.Kind.valueOf(upper(row, "kind")),
                row.getString("run_id"),
                row.getInteger("number"),
                Window.Part.valueOf(upper(row, "part")),
                row.getBoolean("repair"),
                row.getString("app_id"),
                row.getString("account"),
                new Window.Range(Rows.instant(row, "range_from"), Rows.instantOf(row, "range_to")),
                row.getLong("lease"),
                row.getInteger("attempts"),
                row.getInteger("failures"),
                place == null
                        ? null
                        : new Window.Place(
                                place,
                                Rows.instant(row, "cursor_second"),
                                List.of(row.getArrayOfStrings("cursor_ids"))));
    }

    static Finding toFinding(Row row) {
        return new Finding(
                row.getLong("number"),
                row.getString("stripe_session_id"),
                row.getString("session_id"),
                Finding.Kind.valueOf(upper(row, "kind")),
                List.of(row.getArrayOfStrings("fields")),
                Finding.State.valueOf(upper(row, "state")),
                Rows.instantOf(row, "found_at"));
    }

    private static String upper(Row row, String column) {
        return Objects.requireNonNull(row.getString(column), column).toUpperCase(Locale.ROOT);
    }
}
