package io.checkoutgateway.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Requests and how they are sent.
 *
 * @param port where to, on this machine
 * @param requests whole HTTP/1.1 requests, sent in turn; what {@link Prepared} names in them becomes values of their own
 * @param connections how many are open; each has one request under way at most
 * @param perSecond the constant rate at which requests are due; 0 sends the next one when an answer has come
 * @param warmUp the time before anything counts
 * @param time the time that counts
 * @param signingSecret what webhooks are signed with, each when it is sent; empty when nothing is signed
 */
record Load(
        int port,
        List<String> requests,
        int connections,
        double perSecond,
        Duration warmUp,
        Duration time,
        String signingSecret) {

    Load(int port, List<String> requests, int connections, double perSecond, Duration warmUp, Duration time) {
        this(port, requests, connections, perSecond, warmUp, time, "");
    }

    /**
     * What came back.
     *
     * @param answers good ones
     * @param errors answers with another status than 2xx
     * @param perSecond good answers a second
     * @param p50Millis the median time of an answer
     * @param p99Millis the time that one answer in a hundred exceeds
     * @param maxMillis the longest time
     */
    record Result(long answers, long errors, double perSecond, double p50Millis, double p99Millis, double maxMillis) {}

    /** A request with a JSON body. */
    static String post(String path, String apiKey, String contentType, String body) {
        return """
                POST %s HTTP/1.1\r
                Host: localhost\r
                Authorization: Bearer %s\r
                Content-Type: %s\r
                Idempotency-Key: bench-%s\r
                Content-Length: %d\r
                \r
                %s"""
                .formatted(path, apiKey, contentType, Prepared.UNIQUE, body.length(), body);
    }

    /** A webhook as Stripe delivers it, but for the signature, which is made when it is sent. */
    static String webhook(String path, String event) {
        return """
                POST %s HTTP/1.1\r
                Host: localhost\r
                User-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)\r
                Accept: */*; q=0.5, application/xml\r
                Content-Type: application/json; charset=utf-8\r
                Stripe-Signature: %s\r
                Content-Length: %d\r
                \r
                %s"""
                .formatted(path, Prepared.SIGNATURE, event.length(), event);
    }

    /** A request without a body. */
    static String get(String path, String apiKey) {
        return """
                GET %s HTTP/1.1\r
                Host: localhost\r
                Authorization: Bearer %s\r
                \r
                """
                .formatted(path, apiKey);
    }

    /** Sends them from a process of its own; answers when the time is over and every answer has come. */
    Result run() {
        try {
            Path file = Files.createTempFile("checkout-gateway-bench-", ".requests");
            try {
                Files.writeString(file, encoded());
                return result(output(file));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String encoded() {
        return requests.stream()
                .map(request -> Base64.getEncoder().encodeToString(request.getBytes(StandardCharsets.UTF_8)))
                .collect(Collectors.joining("\n"));
    }

    private String output(Path file) throws IOException {
        Process loader = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        Loader.class.getName(),
                        Integer.toString(port),
                        file.toString(),
                        Integer.toString(connections),
                        Double.toString(perSecond),
                        Double.toString(warmUp.toMillis() / 1e3),
                        Double.toString(time.toMillis() / 1e3),
                        signingSecret)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(loader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (output.isBlank()) {
            throw new IllegalStateException("the loader ended without a result");
        }
        return output;
    }

    private Result result(String output) {
        String[] values = output.strip().split(" ", -1);
        long answers = Long.parseLong(values[0]);
        return new Result(
                answers,
                Long.parseLong(values[1]),
                answers * 1e3 / time.toMillis(),
                millis(values[2]),
                millis(values[3]),
                millis(values[4]));
    }

    private static double millis(String nanos) {
        return Long.parseLong(nanos) / 1e6;
    }
}
