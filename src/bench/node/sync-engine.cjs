// stripe-sync-engine behind the smallest server that takes webhooks. Its one call to Stripe, for the line items of a
// session, goes to a stub on this machine. Prints its port when it is ready.
"use strict";
const http = require("node:http");
const Stripe = require("stripe");
const { StripeSync, runMigrations } = require("@supabase/stripe-sync-engine");

const { DATABASE_URL, POOL_SIZE, STRIPE_WEBHOOK_SECRET, STUB_PORT } = process.env;
const quiet = { info() {}, debug() {}, warn: console.error, error: console.error };

async function main() {
  await runMigrations({ databaseUrl: DATABASE_URL, schema: "stripe", logger: quiet });
  const engine = new StripeSync({
    schema: "stripe",
    stripeSecretKey: "sk_test_bench",
    stripeWebhookSecret: STRIPE_WEBHOOK_SECRET,
    poolConfig: { connectionString: DATABASE_URL, max: Number(POOL_SIZE) },
  });
  engine.stripe = new Stripe("sk_test_bench", {
    host: "127.0.0.1",
    port: Number(STUB_PORT),
    protocol: "http",
    telemetry: false,
  });
  const server = http.createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      engine
        .processWebhook(Buffer.concat(chunks), request.headers["stripe-signature"])
        .then(() => answer(response, 200, { received: true }))
        .catch((failure) => answer(response, 400, { error: failure.message }));
    });
  });
  server.keepAliveTimeout = 0;
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));
}

function answer(response, status, value) {
  const body = JSON.stringify(value);
  response.writeHead(status, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}

main().catch((failure) => {
  console.error(failure);
  process.exit(1);
});
