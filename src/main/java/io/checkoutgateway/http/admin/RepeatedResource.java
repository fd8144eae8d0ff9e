package io.checkoutgateway.http.admin;

import io.checkoutgateway.api.model.RepeatedWork;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.listing.Repeated;
import org.jspecify.annotations.Nullable;

/** How many things were begun again, in the contract's words. */
final class RepeatedResource {
    private RepeatedResource() {}

    /** The contract says that it is a number. */
    static long after(@Nullable String cursor) {
        return cursor == null ? 0 : Long.parseLong(cursor);
    }

    static Reply reply(Repeated repeated, boolean dryRun) {
        Long next = repeated.next();
        return Reply.json(
                200,
                new RepeatedWork()
                        .withCount(repeated.count())
                        .withDryRun(dryRun)
                        .withNext(next == null ? null : Long.toString(next)));
    }
}
