/** What a process keeps in memory for a moment. */
@NullMarked
package io.checkoutgateway.cache;

import org.jspecify.annotations.NullMarked;
