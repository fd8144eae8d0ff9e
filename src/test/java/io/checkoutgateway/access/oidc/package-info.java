/** Tests of tokens and of those who sign them that need no running gateway. */
@NullMarked
package io.checkoutgateway.access.oidc;

import org.jspecify.annotations.NullMarked;
