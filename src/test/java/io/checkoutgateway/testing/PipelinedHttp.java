package io.checkoutgateway.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Many requests on few connections: a batch is written at once, then its answers are read in turn. */
public final class PipelinedHttp {
    private static final int CONNECTIONS = 4;
    private static final int BATCH = 50;

    private PipelinedHttp() {}

    /** A request; {@code headers} may be changed. */
    public record Request(String method, String path, Map<String, String> headers, byte[] body) {
        public Request with(String name, String value) {
            headers.put(name, value);
            return this;
        }

        /** The same with this body, as JSON. */
        public Request json(byte[] bytes) {
            headers.putIfAbsent("Content-Type", "application/json");
            return new Request(method, path, headers, bytes);
        }

        byte[] bytes() {
            StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: gateway.test\r\n");
            headers.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            if (!method.equals("GET")) {
                head.append("Content-Length: ").append(body.length).append("\r\n");
            }
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            all.writeBytes(body);
            return all.toByteArray();
        }

        @Override
        public String toString() {
            return method + " " + path + " " + headers + " "
                    + new String(body, 0, Math.min(body.length, 2_000), StandardCharsets.UTF_8);
        }
    }

    /** Looks at one answer. */
    @FunctionalInterface
    public interface Check {
        void that(int input, Request request, ContractClient.Answer answer);
    }

    /** Sends this many requests and looks at every answer; fails with the first that a check does not like. */
    public static void send(URI server, int count, IntFunction<Request> requests, Check check) {
        ExecutorService senders = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            List<Future<?>> shares = new ArrayList<>();
            for (int share = 0; share < CONNECTIONS; share++) {
                int first = share;
                shares.add(senders.submit(() -> sendShare(server, first, count, requests, check)));
            }
            for (Future<?> share : shares) {
                share.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof AssertionError error ? error : new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            senders.shutdownNow();
        }
    }

    private static void sendShare(URI server, int first, int count, IntFunction<Request> requests, Check check) {
        try (RawHttp connection = RawHttp.to(server)) {
            for (int start = first; start < count; start += CONNECTIONS * BATCH) {
                List<Integer> inputs = new ArrayList<>();
                for (int input = start; input < count && inputs.size() < BATCH; input += CONNECTIONS) {
                    inputs.add(input);
                }
                sendBatch(connection, inputs, requests, check);
            }
        } catch (IOException e) {
            throw new AssertionError("the connection broke: " + e.getMessage(), e);
        }
    }

    private static void sendBatch(RawHttp connection, List<Integer> inputs, IntFunction<Request> requests, Check check)
            throws IOException {
        List<Request> batch = inputs.stream().map(requests::apply).toList();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        batch.forEach(request -> bytes.writeBytes(request.bytes()));
        connection.write(bytes.toByteArray());
        for (int i = 0; i < batch.size(); i++) {
            check.that(inputs.get(i), batch.get(i), answer(connection, inputs.get(i), batch.get(i)));
        }
    }

    private static ContractClient.Answer answer(RawHttp connection, int input, Request request) throws IOException {
        try {
            return connection.answer();
        } catch (IOException e) {
            throw new IOException("no answer to input %d: %s".formatted(input, request), e);
        }
    }
}
