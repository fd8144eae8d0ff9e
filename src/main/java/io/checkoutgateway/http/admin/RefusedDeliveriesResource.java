package io.checkoutgateway.http.admin;

import io.checkoutgateway.api.model.RefusedDeliveries;
import io.checkoutgateway.events.RefusalLog;
import io.checkoutgateway.http.Wire;

/** Deliveries that were refused, in the contract's words. */
public final class RefusedDeliveriesResource {
    private RefusedDeliveriesResource() {}

    /** Those of one app for one reason. */
    public static RefusedDeliveries of(RefusalLog.Entry entry) {
        return new RefusedDeliveries()
                .withAppId(entry.refused().appId())
                .withReason(entry.refused().reason())
                .withCount(entry.refused().count())
                .withFirstAt(Wire.utc(entry.firstAt()))
                .withLastAt(Wire.utc(entry.lastAt()))
                .withLastAddress(entry.refused().lastAddress());
    }
}
