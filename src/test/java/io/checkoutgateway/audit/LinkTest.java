package io.checkoutgateway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LinkTest {
    private static final AuditEntry ENTRY = new AuditEntry(
            7,
            Instant.parse("2026-11-22T09:00:00.000412Z"),
            "test",
            "api_key:0123456789abcdef",
            "customer.created",
            "customer:Zoë",
            "request-1",
            null,
            Buffer.buffer(new byte[] {0, 1, (byte) 0xff}));

    /** What a program of somebody else's would have to write. */
    private static final String CANONICAL =
            "1:7,16:1795338000000412,4:test,24:api_key:0123456789abcdef,16:customer.created,13:customer:Zoë,9:request-1,-,6:0001ff,";

    @Test
    void canonical_isThisText() {
        assertThat(Link.canonical(ENTRY)).isEqualTo(CANONICAL);
    }

    @Test
    void next_hashesThePlaceBeforeAndTheEntry() throws GeneralSecurityException {
        Buffer hashed = Buffer.buffer(new byte[32]).appendBytes(CANONICAL.getBytes(StandardCharsets.UTF_8));

        Link first = Link.NONE.next(ENTRY);

        assertThat(first.position()).isEqualTo(1);
        assertThat(first.hash().getBytes())
                .isEqualTo(MessageDigest.getInstance("SHA-256").digest(hashed.getBytes()));
        assertThat(first.next(ENTRY).hash()).isNotEqualTo(first.hash());
    }

    @Test
    void of_text_isTheSameLink() {
        Link link = Link.NONE.next(ENTRY);

        assertThat(Link.of(link.text())).isEqualTo(link);
        assertThatThrownBy(() -> Link.of("1:abc")).isInstanceOf(IllegalStateException.class);
    }
}
