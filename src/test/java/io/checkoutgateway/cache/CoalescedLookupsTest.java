package io.checkoutgateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoalescedLookupsTest {
    private final List<Promise<String>> looks = new ArrayList<>();
    private final CoalescedLookups<String, String> lookups = new CoalescedLookups<>(this::look);
    private boolean broken;

    /** Answers when the test says so. */
    private Future<String> look(String key) {
        if (broken) {
            throw new IllegalStateException("a fault of ours");
        }
        Promise<String> look = Promise.promise();
        looks.add(look);
        return look.future();
    }

    @Test
    void find_requestsThatComeTogether_shareOneLook() {
        Future<String> first = lookups.find("a");
        List<Future<String>> late = List.of(lookups.find("a"), lookups.find("a"));

        looks.get(0).complete("live");
        looks.get(1).complete("live");

        assertThat(first.succeeded()).isTrue();
        assertThat(late).allSatisfy(found -> assertThat(found.result()).isEqualTo("live"));
        assertThat(looks).hasSize(2);
    }

    @Test
    void find_revokedDuringALook_isNotFoundByTheNextRequest() {
        Future<String> before = lookups.find("a");
        Future<String> after = lookups.find("a");

        looks.get(0).complete("live");
        looks.get(1).complete("revoked");

        assertThat(before.result()).isEqualTo("live");
        assertThat(after.result()).isEqualTo("revoked");
    }

    @Test
    void find_differentKeys_doNotWaitForEachOther() {
        Future<String> first = lookups.find("a");
        Future<String> other = lookups.find("b");

        looks.get(1).complete("live");

        assertThat(first.isComplete()).isFalse();
        assertThat(other.result()).isEqualTo("live");
    }

    @Test
    void find_lookFails_failsThoseItWasForAndTheNextLooksAgain() {
        Future<String> first = lookups.find("a");
        Future<String> second = lookups.find("a");

        looks.get(0).fail("away");
        looks.get(1).complete("live");

        assertThat(first.failed()).isTrue();
        assertThat(second.succeeded()).isTrue();
    }

    /** A fault of ours must not keep everybody else with this key waiting for ever. */
    @Test
    void find_lookThrows_failsThoseItWasForAndTheNextLooksAgain() {
        broken = true;
        Future<String> thrown = lookups.find("a");
        broken = false;
        Future<String> next = lookups.find("a");
        looks.get(0).complete("live");

        assertThat(thrown.cause()).hasMessage("a fault of ours");
        assertThat(next.result()).isEqualTo("live");
    }

    @Test
    void find_lookForThoseWhoGatheredThrows_failsThemAndTheNextLooksAgain() {
        Future<String> first = lookups.find("a");
        Future<String> gathered = lookups.find("a");
        broken = true;
        looks.get(0).complete("live");
        broken = false;
        Future<String> next = lookups.find("a");
        looks.get(1).complete("live");

        assertThat(first.succeeded()).isTrue();
        assertThat(gathered.failed()).isTrue();
        assertThat(next.result()).isEqualTo("live");
    }

    @Test
    void find_afterALookIsDone_looksAgain() {
        Future<String> first = lookups.find("a");
        looks.get(0).complete("live");
        Future<String> next = lookups.find("a");
        looks.get(1).complete("revoked");

        assertThat(first.result()).isEqualTo("live");
        assertThat(next.result()).isEqualTo("revoked");
    }
}
