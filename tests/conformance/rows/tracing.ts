// protocol §4 tracing-headers: what PostHog's browser SDKs say with each request, on the events of its handler.
import { deepStrictEqual as same, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { evaluateFlags } from "posthog-wasm/flags";
import { type RequestClient, withRequest } from "posthog-wasm/request";
import { row } from "../row.ts";
import type { World } from "../world.ts";

const SOURCE = "protocol §4 tracing-headers";
const ID = "X-POSTHOG-DISTINCT-ID";
const SESSION = "X-POSTHOG-SESSION-ID";

/** A handler of a request that has these headers. */
async function handled(
  t: World,
  headers: Record<string, string>,
  handler: (posthog: RequestClient) => Promise<unknown> = (posthog) => posthog.capture({ event: "Ping" }),
) {
  // Not a Request: that takes no control characters.
  const named = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  await withRequest(t.client(), { method: "GET", url: "/reports", headers: named }, {}, handler);
}

export const rows = [
  row("ids", SOURCE, "Distinct id and session come from the headers.", async (t) => {
    await handled(t, { [ID]: "user-1", [SESSION]: "s-1" });
    same([t.event.distinct_id, t.event.properties.$session_id], ["user-1", "s-1"]);
  }),
  row("explicit", SOURCE, "What the call says wins.", async (t) => {
    const own = { event: "Ping", distinctId: "mine", properties: { $session_id: "s-2" } };
    await handled(t, { [ID]: "user-1", [SESSION]: "s-1" }, (posthog) => posthog.capture(own));
    same([t.event.distinct_id, t.event.properties.$session_id], ["mine", "s-2"]);
  }),
  row("controls", SOURCE, "Control characters are taken out.", async (t) => {
    await handled(t, { [ID]: " user\u0000-\u001b1 ", [SESSION]: "s\u0007-1" });
    same([t.event.distinct_id, t.event.properties.$session_id], ["user-1", "s-1"]);
  }),
  row("length", SOURCE, "No more than 1000 characters of a header are taken.", async (t) => {
    await handled(t, { [ID]: "u".repeat(5_000), [SESSION]: "s".repeat(5_000) });
    ok(t.event.distinct_id.length <= 1_000 && (t.event.properties.$session_id ?? "").length <= 1_000);
  }),
  row("personless", SOURCE, "Without an identity an event has no person.", async (t) => {
    await handled(t, {});
    strictEqual(t.event.properties.$process_person_profile, false);
    match(t.event.distinct_id, /./);
  }),
  row("isolated", SOURCE, "Nothing of one request is on another's events.", async (t) => {
    const posthog = t.client();
    const one = (id: string) =>
      withRequest(posthog, { headers: { [ID.toLowerCase()]: id } }, {}, async (posthog) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        await posthog.capture({ event: id });
      });
    await Promise.all([one("a"), one("b")]);
    for (const { event, distinct_id } of t.project.events) strictEqual(distinct_id, event);
    const [a, b] = t.project.events;
    notStrictEqual(a!.properties.$request_id, b!.properties.$request_id);
  }),
  row("flags", SOURCE, "Without an identity no flag is asked for.", async (t) => {
    await handled(t, {}, (posthog) => evaluateFlags(posthog, { distinctId: "" }));
    strictEqual(t.requests().length, 0);
  }),
];
