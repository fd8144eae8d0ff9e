package io.checkoutgateway.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.crash.CrashSite.Request;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.TestGateway;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class TerminatedGatewayTest {

    @Test
    void terminate_createUnderWay_isAnsweredAndTheProcessEndsWell() {
        try (CrashSite site = new CrashSite()) {
            Request request = site.request();
            Fault slow = site.sandbox().faults().once("POST", "/v1/checkout/sessions", Effect.holdAfter());
            CompletableFuture<Answer> answer = site.send(request);
            TestGateway.await(slow.struck());
            List<ProcessHandle> children = site.gateway().children();

            site.gateway().terminate();
            Awaitility.await().until(() -> site.gateway().output().contains("\"checkout gateway stops\""));
            slow.release();

            assertThat(answer.join().status()).isEqualTo(201);
            assertThat(site.gateway().awaitEnd()).isZero();
            assertThat(children).noneMatch(ProcessHandle::isAlive);
            site.ledgers().agreeNow();
        }
    }
}
