package io.checkoutgateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.checkout.Session;
import com.stripe.param.checkout.SessionCreateParams.Mode;
import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.checkoutgateway.mirror.Finding;
import io.checkoutgateway.mirror.Mirror;
import io.checkoutgateway.mirror.MirrorRun;
import io.checkoutgateway.sandbox.SandboxOptions;
import io.checkoutgateway.sandbox.StripeSandbox;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.secrets.KeysetVault;
import io.checkoutgateway.secrets.SealingKeys;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.store.PgKeysets;
import io.checkoutgateway.store.Postgres;
import io.checkoutgateway.stripe.StripeCalls;
import io.checkoutgateway.testing.HostedPage;
import io.checkoutgateway.testing.Ledgers;
import io.checkoutgateway.testing.Selling;
import io.checkoutgateway.testing.TestDatabase;
import io.checkoutgateway.testing.TestGateway;
import io.checkoutgateway.testing.TestSandbox;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Stripe account that other services use, a database, and processes that work at runs step by step. */
final class MirrorScene implements AutoCloseable {
    static final Actor ACTOR = Actor.gateway(TestGateway.NAMESPACE, "test");
    private final Vertx vertx = Vertx.vertx();
    private final StripeSandbox sandbox;
    private final TestDatabase database;
    private final Map<String, String> settings;
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final List<Worker> workers = new ArrayList<>();

    MirrorScene() {
        this.sandbox = TestSandbox.start(vertx, SandboxOptions.defaults());
        this.database = TestDatabase.create();
        this.settings = new HashMap<>(TestGateway.settings(database, sandbox));
    }

    StripeSandbox sandbox() {
        return sandbox;
    }

    TestDatabase database() {
        return database;
    }

    Map<String, String> settings() {
        return settings;
    }

    /** How often a page of sessions was asked for and answered. */
    long pagesAnswered() {
        return metrics.find("gateway.stripe.call").tag("operation", "GET /v1/checkout/sessions").timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }

    /** What was counted of this, with these tags by turns of name and value. */
    double counted(String counter, String... tags) {
        return metrics.counter(counter, tags).count();
    }

    /** Makes the database refuse the second row that this table gets with this SQLSTATE, and no other. */
    void refuseTheSecondRow(String table, String sqlState) {
        refuse(table, "nextval('checkout_gateway.refusals') = 2", sqlState);
    }

    /** Makes the database refuse each row that this table gets with this SQLSTATE. */
    void refuseRows(String table, String sqlState) {
        refuse(table, "true", sqlState);
    }

    /** Makes the database refuse the rows that meet this with this SQLSTATE. */
    void refuseRowsWhere(String condition, String table, String sqlState) {
        refuse(table, condition, sqlState);
    }

    private void refuse(String table, String when, String sqlState) {
        for (String statement : List.of(
                "CREATE SEQUENCE checkout_gateway.refusals",
                """
                CREATE FUNCTION checkout_gateway.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    IF %s THEN RAISE EXCEPTION 'refused' USING ERRCODE = '%s'; END IF;
                    RETURN NEW;
                END $$
                """
                        .formatted(when, sqlState),
                "CREATE TRIGGER refusing BEFORE INSERT ON checkout_gateway." + table
                        + " FOR EACH ROW EXECUTE FUNCTION checkout_gateway.refuse()")) {
            assertThat(database.execute(statement)).isZero();
        }
    }

    void refuseNoMore(String table) {
        assertThat(database.execute("DROP TRIGGER refusing ON checkout_gateway." + table))
                .isZero();
    }

    Ledgers ledgers() {
        return Ledgers.of(sandbox, database);
    }

    /** One process as far as runs are concerned. */
    final class Worker {
        private final Vertx own = Vertx.vertx();
        private final Postgres postgres;
        private final StripeCalls calls;
        private final MirrorParts parts;
        private boolean gone;

        private Worker(boolean serves) {
            Settings read = Settings.of(settings);
            this.postgres = Postgres.of(own, read.database());
            this.calls = new StripeCalls(own, read.stripe(), metrics);
            KeysetVault vault = new KeysetVault(new PgKeysets(postgres), SealingKeys.of(read.secrets()));
            TestGateway.await(vault.start());
            Apps apps = AppParts.apps(read, postgres, vault);
            TestGateway.await(serves ? apps.start() : apps.join());
            this.parts = new MirrorParts(read, postgres, calls, apps, Clock.systemUTC(), metrics);
        }

        /** Does one page; tells whether there was one. */
        boolean step() {
            return TestGateway.await(parts.worker().step());
        }

        /** Begins a page that the process does not live to finish. */
        void dieWhileStripeAnswers() {
            Fault held = sandbox.faults().once("GET", "/v1/checkout/sessions", Effect.holdAfter());
            Future<Boolean> unfinished = parts.worker().step();
            TestGateway.await(held.struck());
            assertThat(unfinished.isComplete()).isFalse();
            die();
            held.release();
        }

        /** Does what is due until nothing is. */
        void workOff() {
            while (step()) {
                Thread.onSpinWait();
            }
        }

        MirrorRun start(MirrorRun.Kind kind, boolean repair) {
            MirrorRun[] started = new MirrorRun[1];
            TestGateway.await(parts.mirror()
                    .start(ACTOR, new Mirror.Wish(kind, null, null, null, null, repair), Optional.empty(), run -> {
                        started[0] = run;
                        return new StoredAnswer(201, "", Buffer.buffer(), null);
                    }));
            return started[0];
        }

        MirrorRun read(MirrorRun run) {
            return TestGateway.await(parts.mirror().get(TestGateway.NAMESPACE, run.kind(), run.id()));
        }

        Mirror mirror() {
            return parts.mirror();
        }

        List<Finding> findings(MirrorRun run) {
            return TestGateway.await(parts.mirror().findings(TestGateway.NAMESPACE, run.id(), 0, 1_000));
        }

        void die() {
            if (!gone) {
                gone = true;
                TestGateway.await(own.close());
            }
        }
    }

    Worker worker() {
        return add(new Worker(true));
    }

    /** One that works beside those that serve, as a command does. */
    Worker command() {
        return add(new Worker(false));
    }

    private Worker add(Worker worker) {
        workers.add(worker);
        return worker;
    }

    /** What a dead process held comes back when its lease is over; this is that much later. */
    void leasesRunOut() {
        assertThat(database.execute("UPDATE checkout_gateway.mirror_windows SET next_attempt_at = now()"))
                .isPositive();
        // Of a backfill there are none.
        database.execute("UPDATE checkout_gateway.mirror_findings SET found_at = found_at - interval '1 day'");
    }

    StripeClient stripe() {
        return StripeClient.builder()
                .setApiKey(settings.getOrDefault("STRIPE_API_KEY", ""))
                .setApiBase(sandbox.baseUri().toString())
                .build();
    }

    /** Another service opens sessions of all modes on a day in the past; those that nobody pays have run out since. */
    void daysAgo(int days, int sessions, int paid) throws StripeException {
        sandbox.clock().set(Instant.now().minus(Duration.ofDays(days)));
        for (int number = 0; number < sessions; number++) {
            Mode mode = Mode.values()[number % Mode.values().length];
            Session session = open(mode);
            if (number < paid) {
                HostedPage.of(sandbox, session.getId()).pay(HostedPage.GOOD_CARD);
            }
        }
        sandbox.clock().reset();
    }

    /** Another service opens a session now. */
    Session open(Mode mode) throws StripeException {
        return stripe().v1().checkout().sessions().create(Selling.any(mode).build());
    }

    /** A session as one of our creates opens it, whose answer was lost. */
    Session openAsOurs(String sessionId) throws StripeException {
        return stripe().v1()
                .checkout()
                .sessions()
                .create(Selling.any(Mode.SETUP)
                        .putMetadata("gateway_session_id", sessionId)
                        .build());
    }

    @Override
    public void close() {
        workers.forEach(Worker::die);
        TestGateway.await(sandbox.close());
        TestGateway.await(vertx.close());
    }
}
