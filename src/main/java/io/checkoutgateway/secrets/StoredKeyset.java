package io.checkoutgateway.secrets;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The data keys that all replicas share.
 *
 * @param version grows when data keys come and go; another sealing key leaves it as it is
 * @param retiredFor for how long the older data keys have only opened, in database time; {@code null} when there are none
 */
public record StoredKeyset(WrappedKeyset wrapped, long version, @Nullable Duration retiredFor) {}
