/** Tests of the gateway's way in that need no running gateway. */
@NullMarked
package io.checkoutgateway.http;

import org.jspecify.annotations.NullMarked;
