// What goes wrong in a first hour, one thing after the other: what the call comes to, and what the default logger says.
// Prints both as JSON. Runs on Node and Deno alike; the addresses are servers of diagnosis_test.ts.
import { PostHog, trusted } from "../../pkg/full.js";
import { postgresOutbox } from "../../pkg/postgres.js";

const [accepts, answers401, answers503, hangs, refuses, supabase] = globalThis.Deno?.args ??
  process.argv.slice(2);
const EVENT = { event: "Org Created", distinctId: "org_1" };
const ONCE = { maxRetries: 0 };
const at = (host, options) => new PostHog("phc_secret", { host, ...ONCE, ...options });

/** Supabase's client, as far as an outbox needs it. */
const client = {
  async rpc(name, given) {
    const response = await fetch(`${supabase}/rest/v1/rpc/${name}`, {
      method: "POST",
      body: JSON.stringify(given),
    });
    return response.ok ? { data: await response.json() } : { error: await response.json() };
  },
};

const rows = {
  "The key is missing": () => PostHog.fromEnv({}).capture(EVENT),
  "The key is wrong": () => at(answers401).capture(EVENT),
  "The host is misspelt": () => at("eu.i.posthog.com").capture(EVENT),
  "The host's name is unknown": () => at("https://eu.posthog.invalid").capture(EVENT),
  "The connection is refused": () => at(refuses).capture(EVENT),
  "PostHog hangs": () => at(hangs, { budgetMs: 400 }).capture(EVENT),
  "PostHog answers 503": () => at(answers503).capture(EVENT),
  "The event is invalid": () => at(hangs).capture({ ...EVENT, groups: { organization: "org_1" } }),
  "A field is misspelt": () => at(hangs).capture({ event: "Org Created", distinct_id: "org_1" }),
  "A property was left out": () =>
    at(accepts).groupIdentify({
      group: trusted("organization", "org_1", "a row"),
      properties: { name: "Acme", contact: "ada@example.com" },
    }),
  "An option is misspelt": () => at(accepts, { maxRetrys: 1 }).capture(EVENT),
  "The outbox's migration is missing": () =>
    at(refuses, { outbox: { store: postgresOutbox(client), write: "on_failure" } }).capture(EVENT),
  "A drain, and the migration is missing": () =>
    at(refuses, { outbox: { store: postgresOutbox(client), write: "on_failure" } }).drain(),
};

// Asked for a host that this run was not given.
if (globalThis.Deno) rows["Deno has no permission"] = () => at("https://eu.i.posthog.com").capture(EVENT);

const told = [];
for (const [name, call] of Object.entries(rows)) {
  const lines = [];
  const { log, warn } = console;
  console.log = console.warn = (...words) => lines.push(words.join(" "));
  const outcome = await call();
  await new Promise((resolve) => setTimeout(resolve));
  Object.assign(console, { log, warn });
  told.push({ name, lines, outcome });
}
console.log(JSON.stringify(told));
globalThis.Deno ? Deno.exit() : process.exit();
