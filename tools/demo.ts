// Posts a year of webhooks at the example edge functions and shows what PostHog knows afterwards.
//
// PostHog is the tests' receiver, unless POSTHOG_API_KEY (and POSTHOG_API_HOST) name a real one: then the
// outcomes are shown. `--json` prints the result as one JSON object.
import { parseArgs } from "node:util";
import { type Project, startReceiver } from "../tests/receiver/mod.ts";
import * as database from "./demo/database.ts";
import { EdgeFunction } from "./demo/function.ts";
import * as report from "./demo/report.ts";
import * as stripe from "./demo/stripe.ts";
import { type Webhook, year } from "./demo/year.ts";

/** How long the receiver lets everyone wait, so that one sees who does not. */
const SLOW_MS = 150;

async function demo(json: boolean): Promise<void> {
  // What runs on this machine is not asked for through a proxy.
  Deno.env.set("NO_PROXY", ["127.0.0.1", Deno.env.get("NO_PROXY")].filter(Boolean).join());
  const apiKey = Deno.env.get("POSTHOG_API_KEY");
  if (apiKey) {
    const posted = await post(year, { POSTHOG_API_KEY: apiKey });
    const text = `A year of webhooks, sent to the project of POSTHOG_API_KEY.\n\n${report.webhooks(posted)}`;
    console.log(json ? JSON.stringify({ outcomes: outcomes(posted) }, null, 2) : text);
    return check(posted);
  }

  await using receiver = await startReceiver();
  const project = receiver.project("demo");
  project.faults({ mode: "slow", delayMs: SLOW_MS });
  const posted = await post(year, { POSTHOG_API_KEY: "phc_demo", POSTHOG_API_HOST: project.url });
  console.log(json ? JSON.stringify(known(project), null, 2) : printed(posted, project));
  check(posted, project);
}

/** One after the other, each delivered before the next: PostHog keeps of a profile what arrived last. */
async function post(webhooks: readonly Webhook[], env: Record<string, string>): Promise<report.Posted[]> {
  const settings = {
    ...env,
    DATABASE_WEBHOOK_SECRET: database.secret,
    STRIPE_WEBHOOK_SECRET: stripe.secret,
  };
  await using organizations = await EdgeFunction.start("on_organization_create", settings);
  await using subscriptions = await EdgeFunction.start("stripe_event", settings);
  const functions = { on_organization_create: organizations, stripe_event: subscriptions };

  const posted: report.Posted[] = [];
  for (const webhook of webhooks) {
    const to = functions[webhook.to];
    const started = performance.now();
    const status = await to.post(webhook.headers(), webhook.body);
    const answeredMs = performance.now() - started;
    if (!webhook.tracked || status !== 200) {
      posted.push({ webhook, status, answeredMs });
      continue;
    }
    const delivery = await to.delivery();
    posted.push({ webhook, status, answeredMs, delivery, deliveredMs: performance.now() - started });
  }
  return posted;
}

function printed(posted: readonly report.Posted[], project: Project): string {
  const { groups, events: arrivals } = project;
  const events = project.distinct();
  const updates = events.filter(({ event }) => event === "$groupidentify").length;
  return `\
Two edge functions, a year of webhooks, and a PostHog on this machine that takes ${SLOW_MS} ms for each answer.
Whoever sends a webhook is answered at once, and the delivery goes on behind that. A function's first call
is slower, because it loads what it needs.

${report.webhooks(posted)}

What PostHog knows now: ${events.length} events, ${updates} of them updates of a profile. ${arrivals.length} have arrived,
but Stripe sent one webhook twice, and the second time its events had the same ids.

${report.organizations(events, groups, arrivals)}

By plan

${report.byPlan(events, groups)}`;
}

function known(project: Project) {
  const events = project.distinct().map(({ event, distinct_id, properties, timestamp, uuid }) => {
    return { event, distinct_id, properties, timestamp, uuid };
  });
  return { events, groups: project.groups };
}

function outcomes(posted: readonly report.Posted[]) {
  return posted.map(({ webhook, status, delivery }) => ({
    webhook: webhook.what.trim(),
    status,
    ...delivery && { delivery },
  }));
}

/** Throws unless everything went as a year should. */
function check(posted: readonly report.Posted[], project?: Project) {
  const wrong: string[] = [];
  for (const { webhook, status, delivery } of posted) {
    if (status !== webhook.status) {
      wrong.push(`${webhook.what.trim()}: answered ${status}, not ${webhook.status}`);
    } else if (webhook.tracked && delivery?.status !== "accepted") {
      wrong.push(`${webhook.what.trim()}: ${delivery?.status}`);
    }
  }
  if (project) {
    const facts = new Set(posted.filter(({ webhook }) => webhook.tracked).map(({ webhook }) => webhook.body));
    const distinct = project.distinct().length;
    if (distinct !== 2 * facts.size) wrong.push(`${distinct} events, not ${2 * facts.size}`);
    for (const { code, event } of project.warnings) wrong.push(`PostHog warns of ${event}: ${code}`);
    if (project.requests.some(({ body }) => /cus_|\w@\w/.test(body))) {
      wrong.push("an address or a customer id was sent");
    }
  }
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
}

if (import.meta.main) {
  try {
    const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
    await demo(values.json);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exitCode = 1;
  }
}
