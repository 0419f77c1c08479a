// Group profiles that PostHog has already, with `skipUnchangedGroups`.
import { client, same } from "./check.js";
import { memoryStore } from "./store.js";

const profile = (t, properties, key = "o1") => ({
  group: t.posthog.trusted("organization", key, "a test"),
  properties,
});
const skipping = (t, options) => client(t, { skipUnchangedGroups: true, ...options });
const OK = async () => new Response('{"status":"Ok"}');

export const tests = {
  async "a group's profile arrives once, and again when it has changed"(t) {
    const logged = [];
    const posthog = skipping(t, { logger: (outcome) => logged.push(outcome.status) });
    const statuses = [];
    for (
      const properties of [
        { plan: "Solo", seats: 1 },
        { seats: 1, plan: "Solo" },
        { seats: 2, plan: "Solo" },
        { seats: 2, plan: "Solo" },
      ]
    ) statuses.push((await posthog.groupIdentify(profile(t, properties))).status);
    same(statuses, ["accepted", "skipped", "accepted", "skipped"]);
    same(logged, statuses);
    const { events } = await t.project.arrived(2);
    same(events.map(({ properties }) => properties.$group_set.seats), [1, 2]);
    const { groups } = await t.project.state();
    same(groups.organization.o1, { plan: "Solo", seats: 2 });
  },

  async "what was skipped says so, and makes other events no worse"(t) {
    const posthog = skipping(t);
    await posthog.groupIdentify(profile(t, { plan: "Solo" }));
    const { ok, status, reason, attempts, events } = await posthog.groupIdentify(
      profile(t, { plan: "Solo" }),
    );
    same([ok, status, reason, attempts], [false, "skipped", "unchanged", 0]);
    same(events.map(({ event, status }) => [event, status]), [["$groupidentify", "skipped"]]);
    const both = await posthog.track([
      { kind: "group_identify", ...profile(t, { plan: "Solo" }) },
      { kind: "capture", event: "Opened", distinctId: "u" },
    ]);
    same([both.ok, both.status], [true, "accepted"]);
    same(both.events.map(({ status }) => status), ["skipped", "accepted"]);
    const batch = posthog.batch();
    const alone = batch.groupIdentify(profile(t, { plan: "Solo" }));
    await batch.flush();
    same((await alone).reason, "unchanged");
    same((await t.project.arrived(2)).events.map(({ event }) => event), ["$groupidentify", "Opened"]);
  },

  async "what PostHog did not accept is sent again"(t) {
    const answers = [400, 200];
    const fetch = async () => new Response("{}", { status: answers.shift() });
    const posthog = skipping(t, { fetch });
    const statuses = [];
    for (let call = 0; call < 3; call++) {
      statuses.push((await posthog.groupIdentify(profile(t, { plan: "Solo" }))).status);
    }
    same([statuses, answers], [["rejected", "accepted", "skipped"], []]);
  },

  async "what is under way in two calls at once is sent again"(t) {
    const waiting = [];
    const fetch = () => new Promise((resolve) => waiting.push(() => resolve(new Response("{}"))));
    const posthog = skipping(t, { fetch });
    const calls = ["A", "B"].map((plan) => posthog.groupIdentify(profile(t, { plan })));
    waiting.splice(0).forEach((answer) => answer());
    same((await Promise.all(calls)).map(({ status }) => status), ["accepted", "accepted"]);
    const again = posthog.groupIdentify(profile(t, { plan: "B" }));
    same(waiting.length, 1);
    waiting[0]();
    same((await again).status, "accepted");
    same((await posthog.groupIdentify(profile(t, { plan: "B" }))).status, "skipped");
  },

  async "the default logger says nothing of it"(t) {
    const posthog = skipping(t, { fetch: OK, logger: undefined });
    await posthog.groupIdentify(profile(t, { plan: "Solo" }));
    const { log, warn } = console;
    const lines = [];
    console.log = console.warn = (...words) => lines.push(words);
    try {
      same((await posthog.groupIdentify(profile(t, { plan: "Solo" }))).status, "skipped");
    } finally {
      Object.assign(console, { log, warn });
    }
    same(lines, []);
  },

  async "it does not go with a place where profiles wait"(t) {
    const store = memoryStore();
    const outbox = skipping(t, { outbox: { store, write: "on_failure" } });
    const profileStore = skipping(t, { profileStore: { compareAndSet() {} } });
    for (
      const { status, error } of [
        await outbox.groupIdentify(profile(t, { plan: "Solo" })),
        await profileStore.groupIdentify(profile(t, { plan: "Solo" })),
        await skipping(t).enqueue([{ kind: "group_identify", ...profile(t, {}) }], store),
      ]
    ) same([status, error.code, error.field], ["invalid", "invalid_config", "skipUnchangedGroups"]);
    const { error } = await skipping(t, { skipUnchangedGroups: "yes" }).groupIdentify(profile(t, {}));
    same([error.code, error.field], ["invalid_type", "skipUnchangedGroups"]);
  },
};
