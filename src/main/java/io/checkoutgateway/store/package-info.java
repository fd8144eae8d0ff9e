/**
 * What is remembered: the only room that sees SQL, the Postgres client and migrations. The door is
 * {@link io.checkoutgateway.store.Postgres}, from which each {@code Pg…} class takes its connections; each of those
 * implements one port of another room, in one file. Decisions do not belong here: what a change means is asked of
 * {@code checkout}.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.store;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
