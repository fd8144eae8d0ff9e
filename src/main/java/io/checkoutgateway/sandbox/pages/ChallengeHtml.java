package io.checkoutgateway.sandbox.pages;

import io.vertx.core.json.JsonObject;

/** Writes the bank's question: a stand-in for 3D Secure. */
final class ChallengeHtml {
    private ChallengeHtml() {}

    static String render(JsonObject session) {
        String body =
                """
                <main class="solo"><section class="card" aria-labelledby="bank">
                <p><span class="shop">Sandbox bank</span> <span class="badge">SANDBOX</span></p>
                <h1 id="bank">Is this you?</h1>
                <p>Your bank wants to confirm that you are saving or using this card for
                <code>%s…</code>.</p>
                <form method="post">
                <button type="submit" name="outcome" value="complete">Complete</button>
                <button type="submit" name="outcome" value="fail" class="plain">Fail</button>
                </form>
                </section></main>"""
                        .formatted(Html.escape(session.getString("id").substring(0, 20)));
        return Html.document("en", "Confirm with your bank", body);
    }
}
