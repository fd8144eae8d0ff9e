/**
 * What tests stand on: a real gateway on free ports, with a real Postgres and the sandbox over HTTP. The doors are
 * {@link io.checkoutgateway.testing.TestGateway} and {@link io.checkoutgateway.testing.ContractClient}. Assertions about
 * one feature do not belong here.
 */
@NullMarked
package io.checkoutgateway.testing;

import org.jspecify.annotations.NullMarked;
