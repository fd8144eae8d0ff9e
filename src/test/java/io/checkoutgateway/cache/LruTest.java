package io.checkoutgateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LruTest {
    private final Lru<String, Object> lru = new Lru<>(2);

    @Test
    void get_keptOne_isNotMadeAgain() {
        Object first = lru.get("a", key -> new Object());

        assertThat(lru.get("a", key -> new Object())).isSameAs(first);
    }

    @Test
    void get_oneTooMany_forgetsTheOneThatWasUsedLeastRecently() {
        Object a = lru.get("a", key -> new Object());
        Object b = lru.get("b", key -> new Object());
        assertThat(lru.get("a", key -> new Object())).isSameAs(a);

        Object c = lru.get("c", key -> new Object());

        assertThat(lru.get("a", key -> new Object())).isSameAs(a);
        assertThat(lru.get("c", key -> new Object())).isSameAs(c);
        assertThat(lru.get("b", key -> new Object())).isNotSameAs(b);
    }
}
