package io.checkoutgateway.apps;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.Reason;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the redirect hosts of apps are remembered. */
public interface RedirectHostStore {
    /**
     * What is remembered of an app.
     *
     * @param configured whether it is the app that the settings make
     * @param version 0 when nothing was ever written
     */
    record Row(String appId, boolean configured, RedirectHosts hosts, long version) {}

    /** The row of an app of this namespace; empty when there is no such app. */
    Future<Optional<Row>> find(String namespace, String appId);

    /**
     * Writes the list and the audit trail's entry.
     *
     * @param versions the versions that may be replaced; {@code null} when any may
     * @return empty when there is no such app; fails with {@link Reason#PRECONDITION_FAILED}
     */
    Future<Optional<Row>> replace(Actor actor, String appId, RedirectHosts hosts, @Nullable Set<Long> versions);
}
