/** Follow-ups on a real Postgres, against the sandbox over HTTP, without the rest of the gateway. */
@NullMarked
package io.checkoutgateway.followup;

import org.jspecify.annotations.NullMarked;
