package io.checkoutgateway.outgoing;

import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A name server of a test's own. (RFC 1035, section 4.) It keeps silent about names that it was not told. */
final class NameServer implements AutoCloseable {
    private static final int HEADER = 12;
    private static final int TYPE_A = 1;
    private static final int ADDRESS_BYTES = 4;

    private final DatagramSocket socket;
    private final Map<String, List<byte[]>> known;
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    /** @param known IPv4 addresses by name; none: there is no such address */
    NameServer(Vertx vertx, Map<String, List<byte[]>> known) {
        this.known = known;
        this.socket = TestGateway.await(
                vertx.createDatagramSocket().handler(this::answer).listen(0, "127.0.0.1"));
    }

    String address() {
        return "127.0.0.1:" + socket.localAddress().port();
    }

    /** The names that somebody asked for. */
    Set<String> asked() {
        return asked;
    }

    private void answer(DatagramPacket packet) {
        Buffer query = packet.data();
        StringBuilder name = new StringBuilder();
        int at = HEADER;
        for (int length = query.getUnsignedByte(at); length > 0; length = query.getUnsignedByte(at)) {
            name.append(name.isEmpty() ? "" : ".").append(query.getString(at + 1, at + 1 + length));
            at += 1 + length;
        }
        asked.add(name.toString());
        List<byte[]> addresses = known.get(name.toString());
        if (addresses != null) {
            boolean ipv4 = query.getUnsignedShort(at + 1) == TYPE_A;
            Buffer answer = answer(query.getBuffer(0, at + 5), ipv4 ? addresses : List.of());
            Future<Void> ignored =
                    socket.send(answer, packet.sender().port(), packet.sender().host());
        }
    }

    /** The question, as an answer: what is asked and all that is known, each behind a pointer to the name. */
    private static Buffer answer(Buffer question, List<byte[]> addresses) {
        Buffer answer = Buffer.buffer()
                .appendBuffer(question.getBuffer(0, 2))
                .appendUnsignedShort(0x8180)
                .appendUnsignedShort(1)
                .appendUnsignedShort(addresses.size())
                .appendInt(0)
                .appendBuffer(question.getBuffer(HEADER, question.length()));
        addresses.forEach(address -> answer.appendUnsignedShort(0xC00C)
                .appendUnsignedShort(TYPE_A)
                .appendUnsignedShort(1)
                .appendInt(60)
                .appendUnsignedShort(ADDRESS_BYTES)
                .appendBytes(address));
        return answer;
    }

    @Override
    public void close() {
        TestGateway.await(socket.close());
    }
}
