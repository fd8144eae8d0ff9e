package io.checkoutgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TailTest {
    private static final Scope EVERYTHING = Scope.ofNamespace("here", Set.of(), null);

    private final Tail tail = new Tail(5);

    @BeforeEach
    void beginAt10() {
        tail.startAfter(10);
    }

    private static FeedEntry entry(long position, String namespace) {
        return new FeedEntry(
                position,
                namespace,
                "s",
                position,
                "checkout_session.updated",
                "setup",
                "open",
                null,
                null,
                null,
                "{}");
    }

    private static List<FeedEntry> entries(long first, long last) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(position -> entry(position, "here"))
                .toList();
    }

    private List<Long> after(long position) {
        return tail.after(EVERYTHING, position, 100).orElseThrow().entries().stream()
                .map(FeedEntry::position)
                .toList();
    }

    @Test
    void after_withinTheTail_isWhatFollows() {
        tail.add(entries(11, 14));

        assertThat(after(12)).containsExactly(13L, 14L);
        assertThat(after(10)).containsExactly(11L, 12L, 13L, 14L);
        assertThat(after(14)).isEmpty();
    }

    @Test
    void after_beforeTheTail_isNotKnownHere() {
        tail.add(entries(11, 17));

        assertThat(tail.after(EVERYTHING, 11, 100)).isEmpty();
        assertThat(after(12)).containsExactly(13L, 14L, 15L, 16L, 17L);
    }

    @Test
    void after_beforeTheBeginning_isNotKnownHere() {
        assertThat(tail.after(EVERYTHING, 9, 100)).isEmpty();
    }

    @Test
    void after_moreThanAPage_saysHowFarItCame() {
        tail.add(entries(11, 15));

        FeedPage page = tail.after(EVERYTHING, 10, 2).orElseThrow();

        assertThat(page.more()).isTrue();
        assertThat(page.position()).isEqualTo(12);
    }

    @Test
    void after_nothingThatConcernsTheReader_movesItOn() {
        tail.add(List.of(entry(11, "there"), entry(12, "there")));

        FeedPage page = tail.after(EVERYTHING, 10, 2).orElseThrow();

        assertThat(page).isEqualTo(new FeedPage(List.of(), 12, false));
    }

    @Test
    void after_readerThatIsFurther_staysWhereItIs() {
        tail.add(entries(11, 12));

        assertThat(tail.after(EVERYTHING, 20, 2).orElseThrow().position()).isEqualTo(20);
    }

    @Test
    void add_whatIsKnown_changesNothing() {
        tail.add(entries(11, 13));
        tail.add(entries(11, 12));

        assertThat(tail.head()).isEqualTo(13);
        assertThat(after(10)).hasSize(3);
    }
}
