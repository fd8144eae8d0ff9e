package io.checkoutgateway.sandbox.resources;

import java.util.List;
import java.util.Set;

/** The ways to pay that Stripe knows as of 2026-07-29.dahlia. */
final class PaymentMethodTypes {
    static final List<String> ALL = List.of(("acss_debit affirm afterpay_clearpay alipay alma amazon_pay au_becs_debit "
                    + "bacs_debit bancontact billie bizum blik boleto card cashapp crypto customer_balance eps fpx "
                    + "giropay grabpay ideal kakao_pay klarna konbini kr_card link mb_way mobilepay multibanco "
                    + "naver_pay nz_bank_account oxxo p24 pay_by_bank payco paynow paypal payto pix promptpay "
                    + "revolut_pay samsung_pay satispay scalapay sepa_debit sofort sunbit swish twint upi "
                    + "us_bank_account wechat_pay zip")
            .split(" "));

    /** Banks take days to say yes or no to these, so that a session completes unpaid. */
    static final Set<String> DELAYED =
            Set.of("acss_debit", "au_becs_debit", "bacs_debit", "nz_bank_account", "sepa_debit", "us_bank_account");

    /** What a fresh account offers when the caller names nothing. */
    static final List<String> DYNAMIC = List.of("card", "link");

    private PaymentMethodTypes() {}
}
