package io.checkoutgateway;

import io.checkoutgateway.apps.AppInstalls;
import io.checkoutgateway.apps.InstalledApps;
import io.checkoutgateway.checkout.CheckoutService;
import io.checkoutgateway.customers.CustomerService;
import io.checkoutgateway.events.EventLog;
import io.checkoutgateway.events.Inbox;
import io.checkoutgateway.feed.Feed;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.admin.CancelBackfill;
import io.checkoutgateway.http.admin.CancelDriftReport;
import io.checkoutgateway.http.admin.CreateBackfill;
import io.checkoutgateway.http.admin.CreateDriftReport;
import io.checkoutgateway.http.admin.GetBackfill;
import io.checkoutgateway.http.admin.GetDriftReport;
import io.checkoutgateway.http.admin.GetEvent;
import io.checkoutgateway.http.admin.ListBackfills;
import io.checkoutgateway.http.admin.ListDriftFindings;
import io.checkoutgateway.http.admin.ListDriftReports;
import io.checkoutgateway.http.admin.ListEvents;
import io.checkoutgateway.http.admin.RepairDriftReport;
import io.checkoutgateway.http.admin.ReplayEvent;
import io.checkoutgateway.http.apps.GetApp;
import io.checkoutgateway.http.apps.GetAppCatalogItem;
import io.checkoutgateway.http.apps.InstallApp;
import io.checkoutgateway.http.apps.ListAppCatalog;
import io.checkoutgateway.http.apps.ListApps;
import io.checkoutgateway.http.apps.RotateAppWebhookSecret;
import io.checkoutgateway.http.apps.UninstallApp;
import io.checkoutgateway.http.apps.UpdateApp;
import io.checkoutgateway.http.billing.CreateCustomer;
import io.checkoutgateway.http.billing.CreateCustomerStripeCheckoutSession;
import io.checkoutgateway.http.billing.GetCustomer;
import io.checkoutgateway.http.djstripe.GetDjStripeCheckoutSession;
import io.checkoutgateway.http.djstripe.ListDjStripeCheckoutSessions;
import io.checkoutgateway.http.feed.EventStreams;
import io.checkoutgateway.http.feed.WatchCheckoutSession;
import io.checkoutgateway.http.feed.WatchCheckoutSessions;
import io.checkoutgateway.http.outgoing.CreateWebhookEndpoint;
import io.checkoutgateway.http.outgoing.DeleteWebhookEndpoint;
import io.checkoutgateway.http.outgoing.GetWebhookEndpoint;
import io.checkoutgateway.http.outgoing.ListWebhookDeliveries;
import io.checkoutgateway.http.outgoing.ListWebhookEndpoints;
import io.checkoutgateway.http.outgoing.RedeliverWebhookDelivery;
import io.checkoutgateway.http.outgoing.RotateWebhookEndpointSecret;
import io.checkoutgateway.http.outgoing.TestWebhookEndpoint;
import io.checkoutgateway.http.outgoing.UpdateWebhookEndpoint;
import io.checkoutgateway.http.sessions.ExpireCheckoutSession;
import io.checkoutgateway.http.sessions.GetCheckoutSession;
import io.checkoutgateway.http.sessions.GetCheckoutSessionStripeObject;
import io.checkoutgateway.http.sessions.ListCheckoutSessionLineItems;
import io.checkoutgateway.http.sessions.ListCheckoutSessionTransitions;
import io.checkoutgateway.http.sessions.ListCheckoutSessions;
import io.checkoutgateway.http.sessions.RefreshCheckoutSession;
import io.checkoutgateway.http.webhook.ReceiveStripeWebhook;
import io.checkoutgateway.mirror.Mirror;
import io.checkoutgateway.outgoing.DeliveryLog;
import io.checkoutgateway.outgoing.WebhookEndpoints;
import java.util.List;

/** Every operation of the contract, and what it is made of. */
final class Operations {
    private Operations() {}

    static List<Operation> of(
            CustomerService customers,
            CheckoutService checkout,
            Inbox inbox,
            Feed feed,
            EventStreams streams,
            WebhookEndpoints webhookEndpoints,
            DeliveryLog deliveryLog,
            EventLog eventLog,
            Mirror mirror,
            AppInstalls appInstalls,
            InstalledApps installedApps) {
        return List.of(
                new CreateCustomer(customers),
                new GetCustomer(customers),
                new CreateCustomerStripeCheckoutSession(checkout),
                new ReceiveStripeWebhook(inbox),
                new ListCheckoutSessions(checkout),
                new GetCheckoutSession(checkout),
                new ExpireCheckoutSession(checkout),
                new RefreshCheckoutSession(checkout),
                new ListCheckoutSessionTransitions(checkout),
                new ListCheckoutSessionLineItems(checkout),
                new GetCheckoutSessionStripeObject(checkout),
                new WatchCheckoutSessions(feed, streams),
                new WatchCheckoutSession(checkout, feed, streams),
                new ListDjStripeCheckoutSessions(checkout),
                new GetDjStripeCheckoutSession(checkout),
                new CreateWebhookEndpoint(webhookEndpoints),
                new ListWebhookEndpoints(webhookEndpoints),
                new GetWebhookEndpoint(webhookEndpoints),
                new UpdateWebhookEndpoint(webhookEndpoints),
                new DeleteWebhookEndpoint(webhookEndpoints),
                new RotateWebhookEndpointSecret(webhookEndpoints),
                new TestWebhookEndpoint(webhookEndpoints),
                new ListWebhookDeliveries(deliveryLog),
                new RedeliverWebhookDelivery(deliveryLog),
                new ListEvents(eventLog),
                new GetEvent(eventLog),
                new ReplayEvent(eventLog),
                new CreateBackfill(mirror),
                new ListBackfills(mirror),
                new GetBackfill(mirror),
                new CancelBackfill(mirror),
                new CreateDriftReport(mirror),
                new ListDriftReports(mirror),
                new GetDriftReport(mirror),
                new ListDriftFindings(mirror),
                new CancelDriftReport(mirror),
                new RepairDriftReport(mirror),
                new ListAppCatalog(appInstalls),
                new GetAppCatalogItem(appInstalls),
                new InstallApp(appInstalls),
                new ListApps(installedApps),
                new GetApp(installedApps),
                new UpdateApp(installedApps),
                new UninstallApp(installedApps),
                new RotateAppWebhookSecret(installedApps));
    }
}
