/**
 * How callers reach the gateway. A request walks through {@link io.checkoutgateway.http.ApiRouter} (size limit, request
 * id) and {@link io.checkoutgateway.http.OperationRoute} (credential, contract) to the one {@link
 * io.checkoutgateway.http.Operation} of its operationId, which lies in the sub-package of its family; every failure becomes a problem in {@link io.checkoutgateway.http.Problems}.
 * Generated models stop here, and nothing here decides what happens to a session.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.http;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
