// What organizations use, and what of it they should hear.
import { Hono } from "hono";
import { background, PostHog, type Tracked, trusted } from "posthog-wasm/full";
import {
  creditUsageAlert,
  onboardingNeeded,
  planUpgradeNeeded,
  planUsageAlert,
} from "posthog-wasm/lifecycle";
import { inserted, objectOf } from "../_shared/body.ts";
import * as database from "../_shared/database.ts";
import { notifyMembers } from "../_shared/members.ts";

export const usage = new Hono();

interface CreditAlert {
  org_id: string;
  threshold: number;
  percent_used: number;
  alert_cycle: number;
}

usage.post("/credit_usage_alerts", async (c) => {
  const alert = await objectOf<CreditAlert>(c);
  const told = `org:credit_usage_${alert.threshold}`;
  const events = creditUsageAlert(alert, {
    notification: {
      event: told,
      preferenceKey: "credit_usage",
      uniqId: `${told}:${alert.alert_cycle}`,
      once: true,
      data: { threshold: alert.threshold },
      audience: "billing",
    },
  });
  // The event says that somebody was warned, so it is true only if somebody was.
  if (await notifyMembers(events) === 0) return c.json({ status: "skipped" });
  await background(PostHog.fromEnv(c).track(events), c);
  return c.json({ status: "ok" });
});

usage.post("/plan_checks", async (c) => {
  const { org_id } = await objectOf<{ org_id: string }>(c);
  const used = await database.usageOf(org_id);
  if (!used) return c.json({ status: "skipped" });
  const events = planCheck(org_id, used);
  if (await notifyMembers(events) === 0) return c.json({ status: "skipped" });
  await background(PostHog.fromEnv(c).track(events), c);
  return c.json({ status: "ok" });
});

/** The one thing that is to be said about an organization's usage, if there is any. */
function planCheck(org_id: string, { onboarded, metric, percent, fitting }: database.Usage): Tracked[] {
  if (!onboarded) {
    const event = "user:need_onboarding";
    const notification = { event, preferenceKey: "onboarding", uniqId: event, once: true, data: {} };
    return onboardingNeeded({ org_id }, { notification });
  }
  if (percent >= 100) return planUpgradeNeeded({ org_id, plan_name: fitting });
  const threshold = [90, 70, 50].find((threshold) => percent >= threshold);
  if (!threshold) return [];
  const event = `user:usage_${threshold}_percent_of_plan`;
  return planUsageAlert({ org_id, threshold, metric, metric_percent: percent }, {
    notification: {
      event,
      preferenceKey: "usage_limit",
      uniqId: event,
      cron: "0 0 1 * *",
      data: { metric, percent },
    },
  });
}

usage.post(
  "/credit_usage_posthog",
  inserted<database.CreditTransaction>("usage_credit_transactions"),
  async (c) => {
    await background(PostHog.fromEnv(c).track(ledgerEntry(c.get("row"))), c);
    return c.json({ status: "ok" });
  },
);

/** The whole ledger once more. What PostHog has already stays one event: it comes with the same uuid. */
usage.post("/credit_usage_backfill", async (c) => {
  const entries = (await database.allTransactions()).map(ledgerEntry);
  const { ok, status } = await PostHog.fromEnv(c).track(entries);
  return c.json({ status, entries: entries.length }, ok ? 200 : 502);
});

function ledgerEntry(row: database.CreditTransaction): Tracked {
  const { id, org_id, occurred_at, ...properties } = row;
  const fact = `usage_credit_transaction:${id}`;
  return {
    kind: "capture",
    event: "Credit Usage Ledger Entry",
    distinctId: org_id,
    groups: [trusted("organization", org_id, "the ledger's own row")],
    properties: { channel: "usage", ...properties, org_id, transaction_id: id, $insert_id: fact },
    // Days may pass before a line is processed; it counts for the day it happened on.
    source: { system: "database", id: fact, at: occurred_at },
  };
}
