@NullMarked
package io.checkoutgateway.apps;

import org.jspecify.annotations.NullMarked;
