package io.checkoutgateway;

import io.checkoutgateway.apps.AppAnswers;
import io.checkoutgateway.apps.AppAuthorizations;
import io.checkoutgateway.apps.AppInstalls;
import io.checkoutgateway.apps.AppMetrics;
import io.checkoutgateway.apps.AppTasks;
import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.apps.ConfiguredAccount;
import io.checkoutgateway.apps.ConnectWebhookEndpoints;
import io.checkoutgateway.apps.ConnectedAccounts;
import io.checkoutgateway.apps.DefaultApps;
import io.checkoutgateway.apps.InstalledApps;
import io.checkoutgateway.apps.StripeAccountCalls;
import io.checkoutgateway.apps.WebhookChecks;
import io.checkoutgateway.events.EventReader;
import io.checkoutgateway.secrets.Vault;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.store.PgAppTasks;
import io.checkoutgateway.store.PgApps;
import io.checkoutgateway.store.PgConnectedAccounts;
import io.checkoutgateway.store.PgDefaultApps;
import io.checkoutgateway.store.PgInstalledApps;
import io.checkoutgateway.store.PgWebhookStandings;
import io.checkoutgateway.store.Postgres;
import io.checkoutgateway.stripe.StripeAccounts;
import io.checkoutgateway.stripe.StripeCalls;
import io.checkoutgateway.stripe.StripeSessions;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What apps are installed and kept with, and their work in the background. */
final class AppParts {
    /** For so long a start waits for Stripe to tell whose the key is; what needs to know is turned away afterwards. */
    private static final Duration KEY_CHECK = Duration.ofSeconds(10);

    private final Apps apps;
    private final ConfiguredAccount configured;
    private final AppTasks tasks;
    private final AppInstalls installs;
    private final InstalledApps installed;
    private final ConnectWebhookEndpoints connectEndpoints;
    private final ConnectedAccounts connected;
    private final DefaultApps defaults;
    private final AppMetrics numbers;
    private final WebhookChecks checks;
    private final Loop loop;

    AppParts(
            Vertx vertx,
            Settings settings,
            Postgres postgres,
            Vault vault,
            StripeCalls calls,
            AppAnswers answers,
            SecureRandom random,
            MeterRegistry metrics) {
        PgAppTasks taskStore = new PgAppTasks(postgres, vault);
        this.apps = apps(settings, postgres, vault);
        StripeAccountCalls stripe = new StripeAccounts(calls, settings.stripe());
        this.configured = new ConfiguredAccount(apps, stripe);
        this.tasks =
                new AppTasks(taskStore, stripe, apps, answers, settings.stripe().deadline());
        this.installs = new AppInstalls(
                taskStore,
                tasks,
                configured,
                stripe,
                settings.apps(),
                EventReader.TYPES,
                EventReader.CONNECT_TYPES,
                random);
        PgInstalledApps installedStore = new PgInstalledApps(postgres, vault);
        this.installed = new InstalledApps(installedStore, taskStore, apps, tasks, installs, stripe, settings.apps());
        this.connectEndpoints = new ConnectWebhookEndpoints(installedStore, taskStore, tasks, installed, answers);
        this.connected = new ConnectedAccounts(new PgConnectedAccounts(postgres), installedStore);
        this.defaults = new DefaultApps(new PgDefaultApps(postgres), installed, apps);
        PgWebhookStandings standings = new PgWebhookStandings(postgres);
        this.checks = WebhookChecks.of(
                standings,
                new StripeAccounts(calls.background(), settings.stripe()),
                installed,
                StripeSessions.API_VERSION,
                EventReader.TYPES,
                EventReader.CONNECT_TYPES);
        this.numbers = new AppMetrics(new PgApps(postgres, vault), standings, metrics, System::nanoTime);
        calls.onlyUnless(apps::objection);
        AppAuthorizations authorizations = new AppAuthorizations(new PgApps(postgres, vault), apps, stripe);
        calls.onRefusedKey(authorizations::refused);
        calls.onRefusedAccount(connected::refused);
        this.loop = new Loop(vertx, metrics, "apps", settings.apps().workInterval(), this::work);
    }

    /** Apps for those who only work with them. */
    static Apps apps(Settings settings, Postgres postgres, Vault vault) {
        return new Apps(new PgApps(postgres, vault), settings.stripe(), settings.checkout(), settings.apps());
    }

    Apps apps() {
        return apps;
    }

    AppInstalls installs() {
        return installs;
    }

    InstalledApps installed() {
        return installed;
    }

    ConnectWebhookEndpoints connectEndpoints() {
        return connectEndpoints;
    }

    ConnectedAccounts connected() {
        return connected;
    }

    DefaultApps defaults() {
        return defaults;
    }

    WebhookChecks checks() {
        return checks;
    }

    void start() {
        installed.onRetired(loop::wake);
        // At once: what was begun and not finished has waited for long enough.
        loop.start().wake();
    }

    /** Finds out whose the key of the settings is; succeeds in any case, and goes on looking where that takes long. */
    Future<Void> checkKey() {
        return configured
                .learn()
                .timeout(KEY_CHECK.toMillis(), TimeUnit.MILLISECONDS)
                .otherwiseEmpty();
    }

    private Future<Boolean> work() {
        return workNow().compose(more -> numbers.refresh().map(more));
    }

    /** Finds out whose key it is, and finishes or undoes what nobody is at, now; tells whether there may be more. */
    Future<Boolean> workNow() {
        return configured.learn().compose(learnt -> tasks.runOnce());
    }

    Future<Void> stop() {
        return loop.stop();
    }
}
