package io.checkoutgateway;

import io.checkoutgateway.apps.App;
import io.checkoutgateway.apps.AppInstalls;
import io.checkoutgateway.apps.InstalledAppStore;
import io.checkoutgateway.secrets.KeysetVault;
import io.checkoutgateway.secrets.SealingKeys;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.store.PgInstalledApps;
import io.checkoutgateway.store.PgKeysets;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gateway apps …}: connected Stripe accounts, and where Stripe delivers their events. */
@Command(
        name = "apps",
        mixinStandardHelpOptions = true,
        description = "Look at connected Stripe accounts.",
        subcommands = {AppCommands.ListAll.class})
final class AppCommands implements Callable<Integer> {
    private static final int OK = 0;

    /** A namespace has a handful of them. */
    private static final int LIST_MAX = 1_000;

    @Override
    public Integer call() {
        CommandLine.usage(this, System.out);
        return OK;
    }

    /** Prints a line for each app, the oldest first. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List apps, the oldest first, each with its account and the path that Stripe delivers to;"
                    + " with GATEWAY_PUBLIC_URL, the whole URL.")
    static final class ListAll implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Mixin
        private final NamespaceOption.OrOwn namespace = new NamespaceOption.OrOwn();

        @Option(names = "--json", description = "Print each as a JSON object on a line.")
        private boolean json;

        @Override
        public Integer call() throws Exception {
            Settings settings = Settings.fromEnvironment();
            SealingKeys keys = SealingKeys.of(settings.secrets());
            String whose = namespace.nameOr(settings.checkout().namespace());
            InstalledAppStore.Page found = Main.withPostgres(
                    settings, postgres -> new PgInstalledApps(postgres, new KeysetVault(new PgKeysets(postgres), keys))
                            .list(whose, 0, LIST_MAX));
            URI publicUrl = settings.apps().publicUrl();
            found.apps().forEach(app -> spec.commandLine()
                    .getOut()
                    .println(json ? object(whose, app, publicUrl) : line(whose, app, publicUrl)));
            if (found.apps().isEmpty()) {
                spec.commandLine()
                        .getErr()
                        .println("There is no app yet. That of STRIPE_API_KEY is there once the gateway has served.");
            }
            return OK;
        }

        private static String line(String namespace, App app, @Nullable URI publicUrl) {
            return "%s  %s  %s  %s  %-12s  %s%s"
                    .formatted(
                            app.id(),
                            namespace,
                            Objects.requireNonNullElse(app.accountId(), "no account yet"),
                            app.livemode() ? "live" : "test",
                            status(app),
                            publicUrl == null
                                    ? AppInstalls.webhookPathOf(app.id())
                                    : AppInstalls.webhookUrlOf(publicUrl, app.id()),
                            app.isDefault() ? "  default" : "");
        }

        private static JsonObject object(String namespace, App app, @Nullable URI publicUrl) {
            JsonObject object = new JsonObject()
                    .put("id", app.id())
                    .put("namespace", namespace)
                    .put("account_id", app.accountId())
                    .put("livemode", app.livemode())
                    .put("status", status(app))
                    .put("default", app.isDefault())
                    .put("webhook_path", AppInstalls.webhookPathOf(app.id()));
            return publicUrl == null
                    ? object
                    : object.put("webhook_url", AppInstalls.webhookUrlOf(publicUrl, app.id()));
        }

        private static String status(App app) {
            return app.authorized() ? "ready" : "unauthorized";
        }
    }
}
