package io.checkoutgateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Writes that end when the test says so. */
class GroupCommitTest {
    /** So that 64 rows may wait. */
    private static final int BYTES = GroupCommit.WAITING_BYTES_MAX / 64;

    private static final Throwable REFUSED = new IllegalArgumentException("row 7 is refused");

    private final List<List<Integer>> batches = new ArrayList<>();
    private final List<Promise<List<String>>> writes = new ArrayList<>();
    private final GroupCommit<Integer, String> commit = new GroupCommit<>(this::write, row -> BYTES, REFUSED::equals);

    private Future<List<String>> write(List<Integer> rows) {
        Promise<List<String>> written = Promise.promise();
        batches.add(rows);
        writes.add(written);
        return written.future();
    }

    private void end(int write) {
        writes.get(write)
                .complete(batches.get(write).stream().map(row -> "row " + row).toList());
    }

    @Test
    void add_nothingUnderWay_isWrittenAtOnce() {
        Future<String> first = commit.add(1);
        Future<String> second = commit.add(2);
        assertThat(batches).containsExactly(List.of(1), List.of(2));
        assertThat(first.isComplete()).isFalse();
        end(1);
        assertThat(first.isComplete()).isFalse();
        assertThat(second.result()).isEqualTo("row 2");
    }

    @Test
    void add_twoWritesUnderWay_waitsAndIsWrittenWithOthers() {
        List<Future<String>> added =
                IntStream.rangeClosed(1, 5).mapToObj(commit::add).toList();
        assertThat(batches).hasSize(2);
        end(0);
        assertThat(batches).containsExactly(List.of(1), List.of(2), List.of(3, 4, 5));
        end(2);
        assertThat(added.subList(2, 5)).extracting(Future::result).containsExactly("row 3", "row 4", "row 5");
    }

    @Test
    void add_moreThanOneStatementTakes_isDividedAmongWrites() {
        GroupCommit<Integer, String> small = new GroupCommit<>(this::write, row -> 1, REFUSED::equals);
        List<Future<String>> added =
                IntStream.rangeClosed(1, 2 + 257).mapToObj(small::add).toList();
        end(0);
        end(1);
        assertThat(batches).extracting(List::size).containsExactly(1, 1, 256, 1);
        assertThat(added.get(0).succeeded()).isTrue();
    }

    @Test
    void add_writeFails_failsForItsRowsAndNoOthers() {
        Future<String> first = commit.add(1);
        Future<String> second = commit.add(2);
        writes.get(0).fail("no space");
        end(1);
        assertThat(first.cause()).hasMessage("no space");
        assertThat(second.result()).isEqualTo("row 2");
        assertThat(commit.add(3).isComplete()).isFalse();
        assertThat(batches).hasSize(3);
    }

    @Test
    void add_writerThrows_failsForItsRowsAndKeepsNoWrite() {
        GroupCommit<Integer, String> broken = new GroupCommit<>(
                rows -> {
                    if (rows.get(0) < 10) {
                        throw new IllegalStateException("no such column");
                    }
                    return write(rows);
                },
                row -> BYTES,
                REFUSED::equals);

        List<Future<String>> lost =
                IntStream.rangeClosed(1, 5).mapToObj(broken::add).toList();
        Future<String> next = broken.add(10);
        end(0);

        assertThat(lost).allSatisfy(row -> assertThat(row.cause()).hasMessage("no such column"));
        assertThat(next.result()).isEqualTo("row 10");
    }

    @Test
    void add_moreWaitsThanMay_isRefusedUntilSomeIsWritten() {
        List<Future<String>> taken =
                IntStream.rangeClosed(1, 2 + 64).mapToObj(commit::add).toList();

        Future<String> oneMore = commit.add(67);

        assertThat(oneMore.cause()).isInstanceOfSatisfying(GatewayException.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(Reason.DATABASE_UNAVAILABLE);
            assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(2));
        });
        assertThat(taken).noneMatch(Future::isComplete);
        end(0);
        assertThat(commit.add(67).isComplete()).isFalse();
    }

    @Test
    void add_rowLargerThanAllThatMayWait_isTakenWhereNobodyWaits() {
        GroupCommit<Integer, String> large =
                new GroupCommit<>(this::write, row -> 2 * GroupCommit.WAITING_BYTES_MAX, REFUSED::equals);

        List<Future<String>> added =
                IntStream.rangeClosed(1, 4).mapToObj(large::add).toList();

        assertThat(added).extracting(Future::isComplete).containsExactly(false, false, false, true);
    }

    @Test
    void add_oneRowIsRefused_failsAloneAmongOthers() {
        List<Future<String>> added =
                IntStream.rangeClosed(1, 10).mapToObj(commit::add).toList();
        end(0);
        for (int write = 1; write < batches.size(); write++) {
            if (batches.get(write).contains(7)) {
                writes.get(write).fail(REFUSED);
            } else {
                end(write);
            }
        }

        assertThat(batches.subList(2, batches.size()))
                .containsExactly(
                        List.of(3, 4, 5, 6, 7, 8, 9, 10),
                        List.of(3, 4, 5, 6),
                        List.of(7, 8, 9, 10),
                        List.of(7, 8),
                        List.of(7),
                        List.of(8),
                        List.of(9, 10));
        assertThat(added.get(6).cause()).isSameAs(REFUSED);
        assertThat(added.subList(7, 10)).extracting(Future::result).containsExactly("row 8", "row 9", "row 10");
        assertThat(added.subList(0, 6)).allMatch(Future::succeeded);
    }

    @Test
    void add_connectionIsLost_isNotTriedRowByRow() {
        List<Future<String>> added =
                IntStream.rangeClosed(1, 5).mapToObj(commit::add).toList();
        end(0);
        writes.get(2).fail("the connection is gone");

        assertThat(added.subList(2, 5))
                .allSatisfy(row -> assertThat(row.cause()).hasMessage("the connection is gone"));
        assertThat(batches).hasSize(3);
    }
}
