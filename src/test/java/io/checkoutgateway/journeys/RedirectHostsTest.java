package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.access.Scope;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.Refusals;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An app's owner says where its customers may be sent; creates follow, and the audit trail tells. */
class RedirectHostsTest {
    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension();

    private static final String NOBODY = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private static final String MOVING = "01ARZ3NDEKTSV4RRFFQ69G5FAW";

    private static String path() {
        return path(GATEWAY.get());
    }

    private static String path(TestGateway gateway) {
        return "/api/v1/apps/" + TestGateway.await(gateway.gateway().app()).id() + "/redirect-hosts";
    }

    private static Answer put(ContractClient client, String path, String... hosts) {
        String body =
                new JsonObject().put("hosts", new JsonArray(List.of(hosts))).encode();
        return client.send("PUT", path, BodyPublishers.ofString(body), "application/json");
    }

    private static Answer create(String successUrl) {
        JsonObject body = ContractClient.hosted();
        body.getJsonObject("stripe_options").put("success_url", successUrl);
        return GATEWAY.client().post(checkoutSessionsOf(GATEWAY.customer()), body);
    }

    @AfterEach
    void openAgain() {
        assertThat(put(GATEWAY.client(), path()).status()).isEqualTo(200);
    }

    @Test
    void list_replaced_isReadBackAndFollowedByCreates() {
        Answer replaced = put(GATEWAY.client(), path(), "shop.example.com", "*.Pay.example.com")
                .expect(200);

        assertThat(GATEWAY.client().get(path()).expect(200).body()).isEqualTo(replaced.body());
        assertThat(replaced.json().getJsonArray("hosts").getList())
                .isEqualTo(List.of("shop.example.com", "*.pay.example.com"));
        create("https://shop.example.com/done").expect(201);
        create("https://a.pay.example.com/done?s={CHECKOUT_SESSION_ID}").expect(201);
        create("http://localhost:3000/done").expect(201);
        for (String elsewhere :
                List.of("https://shop.example/", "https://shop.example.com.evil.test/", "https://pay.example.com/")) {
            Refusals.assertNames(create(elsewhere).expect(400), "stripe_options.success_url", "redirect hosts");
        }
    }

    @Test
    void list_neverWritten_takesEveryPublicHost() {
        create("https://anything.example/").expect(201);
        Refusals.assertNames(create("https://db.internal/").expect(400), "stripe_options.success_url", "public host");
        Refusals.assertNames(create("https://10.0.0.1/").expect(400), "stripe_options.success_url", "no address");
    }

    @Test
    void list_replacedUnderAnOldTag_is412() {
        String tag = GATEWAY.client().get(path()).expect(200).header("ETag");
        put(GATEWAY.client().with("If-Match", tag), path(), "one.example.com").expect(200);

        put(GATEWAY.client().with("If-Match", tag), path(), "two.example.com").expect(412);

        assertThat(GATEWAY.client().get(path()).json().getJsonArray("hosts").getList())
                .isEqualTo(List.of("one.example.com"));
    }

    @Test
    void list_ofAnAppOfOthers_is404() {
        ContractClient other = GATEWAY.get().client("other");

        other.get(path()).expect(404);
        put(other, path(), "evil.test").expect(404);
        GATEWAY.client().get("/api/v1/apps/" + NOBODY + "/redirect-hosts").expect(404);
    }

    @Test
    void list_ofAnAppThatIsNotInstalledYetOrNoMore_is404() {
        ContractClient owner = GATEWAY.get().client("moving");
        String path = "/api/v1/apps/" + MOVING + "/redirect-hosts";
        GATEWAY.database()
                .execute("INSERT INTO checkout_gateway.apps (id, namespace, type, livemode, configured, state)"
                        + " VALUES ('" + MOVING + "', 'moving', 'stripe', false, false, 'installing')");

        owner.get(path).expect(404);
        put(owner, path, "early.example.com").expect(404);
        move("state = 'unauthorized'");
        put(owner, path, "shop.example.com").expect(200);
        for (String state : List.of("leaving", "gone")) {
            move("state = '" + state + "', deleted_at = now()");
            owner.get(path).expect(404);
            put(owner, path, "late.example.com").expect(404);
        }
    }

    private static void move(String change) {
        GATEWAY.database().execute("UPDATE checkout_gateway.apps SET " + change + " WHERE id = '" + MOVING + "'");
    }

    @Test
    void list_withAnEntryThatIsNoHost_namesIt() {
        Answer answer =
                put(GATEWAY.client(), path(), "shop.example.com", "*.com").expect(400);

        Refusals.assertNames(answer, "hosts.1", "must be a host like");
    }

    @Test
    void list_replacedWithoutTheScope_is403() {
        ContractClient reader = new ContractClient(
                GATEWAY.get().url(),
                TestGateway.await(GATEWAY.get()
                                .gateway()
                                .apiKeys()
                                .issue("test", "reader", Set.of(Scope.APPS_READ), null))
                        .reveal());

        reader.get(path()).expect(200);
        put(reader, path(), "evil.test").expect(403);
    }

    @Test
    void list_replaced_isInTheAuditTrail() {
        Answer replaced = put(GATEWAY.client(), path(), "audited.example.com").expect(200);

        assertThat(GATEWAY.database()
                        .rows("SELECT action FROM checkout_gateway.audit_log WHERE request_id = '%s'"
                                .formatted(replaced.header("X-Request-Id"))))
                .hasSize(1)
                .allSatisfy(row -> assertThat(row.toString()).contains("app.redirect_hosts_replaced"));
    }

    @Test
    void list_setByTheOperator_cannotBeChanged() {
        try (TestGateway replica = GATEWAY.get().replica(Map.of("GATEWAY_REDIRECT_HOSTS", "fixed.example.com"))) {
            assertThat(replica.client().get(path(replica)).expect(200).json().getBoolean("fixed"))
                    .isTrue();
            put(replica.client(), path(replica), "evil.test").expect(409);
        }
    }
}
