package io.checkoutgateway.store;

import static io.checkoutgateway.store.InboxOnPostgres.event;
import static io.checkoutgateway.store.InboxOnPostgres.session;
import static io.checkoutgateway.store.InboxOnPostgres.setupIntent;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Metadata name a session of ours whose answer was lost; only those of its own account are believed. */
class AdoptedSessionsTest {
    private static final String OURS = "01KAMZ2V5Q8XG6T4N9R3W7B1CF";

    @RegisterExtension
    private static final InboxOnPostgres INBOX = new InboxOnPostgres();

    @AfterEach
    void forget() {
        INBOX.execute("UPDATE apps SET stripe_account_id = 'acct_own'");
    }

    /** A create in this account, whose answer has not come. */
    private static void creating(String account) {
        INBOX.addOurs(OURS, "cs_none", "seti_none");
        INBOX.execute("UPDATE checkout_sessions SET status = 'creating', stripe = NULL, stripe_as_of = NULL,"
                + " stripe_session_id = NULL, setup_intent_id = NULL, stripe_account_id = nullif('%s', '')"
                        .formatted(account));
    }

    private static JsonObject in(String account, JsonObject event) {
        return account.isEmpty() ? event : event.put("account", account);
    }

    private static JsonObject named(JsonObject object) {
        return object.put("metadata", new JsonObject().put("gateway_session_id", OURS));
    }

    private static JsonObject completed(String account) {
        return in(
                account,
                event(
                        "checkout.session.completed",
                        5,
                        named(session("cs_1", "seti_1").put("status", "complete"))));
    }

    @ParameterizedTest
    @CsvSource({"acct_own,''", "'',''", "'',acct_own", "acct_shop,acct_shop"})
    void settleNext_namesACreateOfItsAccount_isAdopted(String ours, String theirs) {
        creating(ours);

        INBOX.hear(List.of(completed(theirs)));

        assertThat(INBOX.rows("SELECT id, stripe_session_id, status FROM checkout_sessions"))
                .containsExactly(List.of(OURS, "cs_1", "complete"));
    }

    @ParameterizedTest
    @CsvSource({"acct_own,acct_shop", "'',acct_shop", "acct_other,acct_shop", "acct_shop,''"})
    void settleNext_namesACreateOfAnotherAccount_getsARowOfItsOwn(String ours, String theirs) {
        creating(ours);

        INBOX.hear(List.of(completed(theirs)));

        assertThat(INBOX.rows("SELECT status, stripe_session_id FROM checkout_sessions WHERE id = '" + OURS + "'"))
                .containsExactly(List.of("creating", "null"));
        assertThat(INBOX.rows("SELECT status, stripe_account_id FROM checkout_sessions WHERE id <> '" + OURS + "'"))
                .containsExactly(List.of("complete", theirs.isEmpty() ? "acct_own" : theirs));
    }

    @Test
    void settleNext_appsOwnAccountIsNotLearntYet_connectedAccountsAreStillRefused() {
        INBOX.execute("UPDATE apps SET stripe_account_id = NULL");
        creating("");

        INBOX.hear(List.of(completed("acct_shop")));

        assertThat(INBOX.rows("SELECT status FROM checkout_sessions WHERE id = '" + OURS + "'"))
                .containsExactly(List.of("creating"));
    }

    /** It may be a double that was ended, or the session that the lost answer was about: only the create's end tells. */
    @Test
    void settleNext_expiredSessionNamesACreateUnderWay_isReadLaterAndNotHeldAgainstTheEvent() {
        creating("acct_own");

        INBOX.hear(List.of(event(
                "checkout.session.expired", 5, named(session("cs_1", "seti_1").put("status", "expired")))));

        assertThat(INBOX.rows("SELECT state, attempts FROM stripe_events")).containsExactly(List.of("applied", "1"));
        assertThat(INBOX.rows("SELECT kind, subject FROM follow_ups")).containsExactly(List.of("read_session", "cs_1"));
        assertThat(INBOX.rows("SELECT status, stripe_session_id FROM checkout_sessions"))
                .containsExactly(List.of("creating", "null"));
    }

    @Test
    void settleNext_setupIntentNamesACreateOfAnotherAccount_changesNothing() {
        creating("acct_own");
        JsonObject intent = named(setupIntent("seti_1", "succeeded"));

        INBOX.hear(List.of(in("acct_shop", event("setup_intent.succeeded", 5, intent))));

        assertThat(INBOX.rows("SELECT setup_intent_id, setup_intent_status FROM checkout_sessions"))
                .containsExactly(List.of("null", "null"));
    }
}
