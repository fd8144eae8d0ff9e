package io.checkoutgateway.http;

import com.github.f4b6a3.ulid.UlidCreator;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what is not even HTTP, or too much of it, and so never reaches the router. */
final class MalformedRequests {
    private static final Logger LOG = LoggerFactory.getLogger(MalformedRequests.class);

    static final String DETAIL = "The request line or a header is malformed";

    private MalformedRequests() {}

    /** Answers with a problem and closes: where the next request would begin is not known. */
    static void refuse(HttpServerRequest request) {
        String requestId = UlidCreator.getUlid().toString();
        GatewayException refusal = refusalOf(request.decoderResult().cause());
        Reply reply = Problems.reply(refusal, requestId);
        LOG.atInfo()
                .addKeyValue("request", requestId)
                .addKeyValue("status", reply.status())
                .addKeyValue("reason", refusal.reason().code())
                .log("malformed request refused");
        SecurityHeaders.addTo(request.response());
        request.response()
                .setStatusCode(reply.status())
                .putHeader(RequestIds.HEADER, requestId)
                .putHeader("Content-Type", reply.contentType())
                .putHeader("Connection", "close")
                .end(reply.body())
                .onComplete(ended -> request.connection().close());
    }

    private static GatewayException refusalOf(@Nullable Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return new GatewayException(Reason.URI_TOO_LONG, "The request line is longer than this server reads");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return new GatewayException(Reason.HEADERS_TOO_LARGE, "The headers are larger than this server reads");
        }
        return new GatewayException(Reason.INVALID_REQUEST, DETAIL);
    }
}
