/**
 * What a process keeps in memory for a moment: looks that several share, the last figures of a gauge, what was used of
 * late. Each class is a door of its own and knows nothing of what it keeps. What replicas have to agree on does not
 * belong here, nor does anything that has to outlive the process.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.cache;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
