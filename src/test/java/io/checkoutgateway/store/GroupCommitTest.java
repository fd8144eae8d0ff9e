package io.checkoutgateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Writes that end when the test says so. */
class GroupCommitTest {
    private final List<List<Integer>> batches = new ArrayList<>();
    private final List<Promise<List<String>>> writes = new ArrayList<>();
    private final GroupCommit<Integer, String> commit = new GroupCommit<>(this::write);

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
        List<Future<String>> added =
                IntStream.rangeClosed(1, 2 + 257).mapToObj(commit::add).toList();
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
}
