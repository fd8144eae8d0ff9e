/** Drives the sandbox as its users do: with Stripe's own client, with a browser's forms and with plain HTTP. */
package io.checkoutgateway.sandbox;
