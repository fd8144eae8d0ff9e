package io.checkoutgateway.access;

import io.vertx.core.Future;
import java.util.Optional;

/** One kind of credential. */
public interface Credentials {
    /**
     * Tells who presents this.
     *
     * @param text what followed {@code Bearer}
     * @return empty when it proves nothing; fails when that cannot be told now
     */
    Future<Optional<Caller>> recognise(String text);
}
