package io.checkoutgateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyLookupsTest {
    private static final Optional<LiveKeys.Row> LIVE =
            Optional.of(new LiveKeys.Row("tenant", Buffer.buffer("hash"), Set.of(Scope.ADMIN)));

    private final SlowStore store = new SlowStore();
    private final KeyLookups lookups = new KeyLookups(store);

    @Test
    void find_requestsThatComeTogether_shareOneLook() {
        Future<?> first = lookups.find("a");
        List<Future<Optional<LiveKeys.Row>>> late = List.of(lookups.find("a"), lookups.find("a"));

        store.answer(0, LIVE);
        store.answer(1, LIVE);

        assertThat(first.succeeded()).isTrue();
        assertThat(late).allSatisfy(found -> assertThat(found.result()).isEqualTo(LIVE));
        assertThat(store.looks).hasSize(2);
    }

    @Test
    void find_keyRevokedDuringALook_isNotFoundByTheNextRequest() {
        Future<Optional<LiveKeys.Row>> before = lookups.find("a");
        Future<Optional<LiveKeys.Row>> after = lookups.find("a");

        store.answer(0, LIVE);
        store.answer(1, Optional.empty());

        assertThat(before.result()).isEqualTo(LIVE);
        assertThat(after.result()).isEmpty();
    }

    @Test
    void find_differentKeys_doNotWaitForEachOther() {
        lookups.find("a").onComplete(ignored -> {});
        Future<Optional<LiveKeys.Row>> other = lookups.find("b");

        store.answer(1, LIVE);

        assertThat(other.result()).isEqualTo(LIVE);
    }

    @Test
    void find_lookFails_failsThoseItWasForAndTheNextLooksAgain() {
        Future<?> first = lookups.find("a");
        Future<?> second = lookups.find("a");

        store.looks.get(0).fail("away");
        store.answer(1, LIVE);

        assertThat(first.failed()).isTrue();
        assertThat(second.succeeded()).isTrue();
    }

    @Test
    void find_afterALookIsDone_looksAgain() {
        lookups.find("a").onComplete(ignored -> {});
        store.answer(0, LIVE);
        Future<Optional<LiveKeys.Row>> next = lookups.find("a");
        store.answer(1, Optional.empty());

        assertThat(next.result()).isEmpty();
    }

    /** Answers when the test says so. */
    private static final class SlowStore implements LiveKeys {
        private final List<Promise<Optional<Row>>> looks = new ArrayList<>();

        void answer(int look, Optional<Row> row) {
            looks.get(look).complete(row);
        }

        @Override
        public Future<Optional<Row>> find(String id) {
            Promise<Optional<Row>> look = Promise.promise();
            looks.add(look);
            return look.future();
        }
    }
}
