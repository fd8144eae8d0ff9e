package io.checkoutgateway.limits;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import java.time.Duration;

/**
 * A rate: a bucket of tokens that refills evenly, and from which each request takes one.
 *
 * @param name the policy's name in answers and measurements
 * @param burst how many tokens the bucket holds
 * @param window how long an empty bucket takes to refill
 */
public record Rate(String name, int burst, Duration window) {

    /** A steady rate with room for a burst. */
    static Rate perSecond(String name, int perSecond, int burst) {
        return new Rate(name, burst, Duration.ofNanos(Duration.ofSeconds(burst).toNanos() / perSecond));
    }

    static Rate perMinute(String name, int perMinute) {
        return new Rate(name, perMinute, Duration.ofMinutes(1));
    }

    /** The bucket's id; another rate, as replicas have while a setting is rolled out, is another bucket. */
    String bucketOf(String whose) {
        return name + "/" + burst + "/" + window.toMillis() + "/" + whose;
    }

    BucketConfiguration configuration() {
        return BucketConfiguration.builder()
                .addLimit(Bandwidth.builder()
                        .capacity(burst)
                        .refillGreedy(burst, window)
                        .build())
                .build();
    }
}
