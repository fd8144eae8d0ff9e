package io.checkoutgateway.testing;

import com.stripe.param.checkout.SessionCreateParams;
import com.stripe.param.checkout.SessionCreateParams.LineItem;
import com.stripe.param.checkout.SessionCreateParams.Mode;

/** Sessions that other services open, in order to sell something or to set up a payment method. */
public final class Selling {
    private static final String SUCCESS_URL = "https://other.example/done";

    private Selling() {}

    /** The least that one of this mode needs. */
    public static SessionCreateParams.Builder any(Mode mode) {
        return mode == Mode.SETUP
                ? SessionCreateParams.builder().setMode(mode).setCurrency("eur").setSuccessUrl(SUCCESS_URL)
                : params(mode, 2_500, 1);
    }

    /** One of a subscription to something of 9.90 a month that costs nothing for some days. */
    public static SessionCreateParams.Builder trial(long days) {
        return params(Mode.SUBSCRIPTION, 990, 1)
                .setSubscriptionData(SessionCreateParams.SubscriptionData.builder()
                        .setTrialPeriodDays(days)
                        .build());
    }

    /** One that sells this many of a thing, in euros, monthly in subscription mode. */
    public static SessionCreateParams.Builder params(Mode mode, long unitAmount, long quantity) {
        LineItem.PriceData.Builder price = LineItem.PriceData.builder()
                .setCurrency("eur")
                .setUnitAmount(unitAmount)
                .setProductData(LineItem.PriceData.ProductData.builder()
                        .setName("Thing")
                        .build());
        if (mode == Mode.SUBSCRIPTION) {
            price.setRecurring(LineItem.PriceData.Recurring.builder()
                    .setInterval(LineItem.PriceData.Recurring.Interval.MONTH)
                    .build());
        }
        return SessionCreateParams.builder()
                .setMode(mode)
                .setSuccessUrl(SUCCESS_URL)
                .addLineItem(LineItem.builder()
                        .setQuantity(quantity)
                        .setPriceData(price.build())
                        .build());
    }
}
