package io.checkoutgateway.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Refuses requests whose end, or whose addressee, a proxy in front might see elsewhere: what it takes for a body could be
 * a request here. Netty and Vert.x read such requests as RFC 9112 allows and go on; this is stricter. (RFC 9112, sections
 * 3.2, 6.1, 6.3 and 11.2.)
 */
final class Framing {
    private static final String DECODER = "httpDecoder";

    /** A name, an IPv4 address or a bracketed IPv6 address, and a port. (RFC 9110, section 7.2.) */
    private static final Pattern HOST =
            Pattern.compile("([A-Za-z0-9._~-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?");

    private Framing() {}

    /** A message that it throws at is bad, and so is everything after it on the connection. */
    private static final class Decoder extends VertxHttpRequestDecoder {
        /** A connection asks for one host, mostly: what was seen to be one is not looked at again. */
        private String host = "";

        Decoder(HttpServerOptions options) {
            super(options);
        }

        /** Netty would drop the length, and with it the only sign. */
        @Override
        protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
            throw new IllegalArgumentException("both Content-Length and Transfer-Encoding");
        }

        /** Asked once the headers are there, before a body is looked for. */
        @Override
        protected boolean isContentAlwaysEmpty(HttpMessage message) {
            if (!isPlain(message) || !isAddressed(message)) {
                throw new IllegalArgumentException("neither one host nor a plain transfer encoding");
            }
            return super.isContentAlwaysEmpty(message);
        }

        private boolean isAddressed(HttpMessage message) {
            List<String> hosts = message.headers().getAll(HttpHeaderNames.HOST);
            if (hosts.isEmpty()) {
                return message.protocolVersion().equals(HttpVersion.HTTP_1_0);
            }
            return hosts.size() == 1 && isHost(hosts.get(0));
        }

        private boolean isHost(String given) {
            if (given.equals(host)) {
                return true;
            }
            boolean good = HOST.matcher(given).matches();
            host = good ? given : host;
            return good;
        }
    }

    /** Whether there is no transfer encoding, or {@code chunked} alone. */
    private static boolean isPlain(HttpMessage message) {
        List<String> encodings = message.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        return encodings.isEmpty() || (encodings.size() == 1 && encodings.get(0).equalsIgnoreCase("chunked"));
    }

    /**
     * Puts the strict decoder into a connection before it has read anything. Vert.x has no public way to choose it, so
     * this uses its own types; {@code FramingTest} notices when an upgrade moves them.
     */
    static void guard(HttpConnection connection, HttpServerOptions options) {
        if (connection instanceof HttpServerConnection server
                && server.channelHandlerContext().pipeline().get(DECODER) != null) {
            server.channelHandlerContext().pipeline().replace(DECODER, DECODER, new Decoder(options));
        }
    }
}
