// Profiles that keep their order: through a store that all handlers share, or folded in one array.
import { client, same, truthy } from "./check.js";
import { memoryStore } from "./store.js";
import { PLANS, RESUBSCRIBED, sharedStore, shuffled, YEAR } from "./webhooks.js";

export const tests = {
  async "any order of a year's webhooks, doubled and two at a time, ends in one profile and one set of ids"(
    t,
  ) {
    const { PostHog, stripeEvent, trusted } = t.posthog;
    const organization = trusted("organization", "org_1", "stripe customer");
    let ids;
    for (let seed = 1; seed <= 12; seed++) {
      const project = new t.project.constructor(t.receiver, `${t.name}-${seed}`);
      const profileStore = sharedStore();
      const order = shuffled([...YEAR, ...YEAR], seed);
      while (order.length > 0) {
        const pair = order.splice(0, 1 + seed % 3).map((event) => {
          // One webhook per fresh client, as isolates would.
          const posthog = new PostHog("phc_test", { host: project.host, logger: () => {}, profileStore });
          return posthog.track(stripeEvent(event, { organization, plans: PLANS }));
        });
        for (const { status } of await Promise.all(pair)) same(status, "accepted");
      }
      const { events, groups } = await project.state();
      same(groups.organization.org_1, RESUBSCRIBED, `order ${seed}`);
      const captured = new Set(
        events.filter(({ event }) => event !== "$groupidentify").map(({ uuid }) => uuid),
      );
      ids ??= [...captured].sort();
      same([...captured].sort(), ids, `ids of order ${seed}`);
    }
  },

  async "folding leaves the newest profile of each organization"(t) {
    const { foldProfiles, stripeEvent, trusted } = t.posthog;
    const organization = trusted("organization", "org_1", "row");
    const events = shuffled(YEAR, 7).flatMap((event) => stripeEvent(event, { organization, plans: PLANS }));
    const folded = foldProfiles(events);
    same(folded.filter(({ kind }) => kind === "group_identify").map(({ properties }) => properties), [
      RESUBSCRIBED,
    ]);
    same(folded.length, events.filter(({ kind }) => kind === "capture").length + 1);
    same((await client(t).track(folded)).status, "accepted");
  },

  async "a store that fails keeps the profile back and nothing else"(t) {
    const organization = t.posthog.trusted("organization", "org_1", "row");
    for (
      const compareAndSet of [() => Promise.reject(new Error("down")), () => new Promise(() => {}), () => {
        throw new Error("down");
      }, () => Promise.resolve("not what was set")]
    ) {
      const posthog = client(t, { profileStore: { compareAndSet }, budgetMs: 1000 });
      const outcome = await posthog.track(t.posthog.stripeEvent(YEAR[0], { organization, plans: PLANS }));
      const [event, profile] = outcome.events;
      same([profile.status, profile.error.code], ["invalid", "profile_store_failed"]);
      same(event.status, "accepted");
    }
    same(Object.keys((await t.project.state()).groups), []);
  },

  async "a handler that was overtaken puts the profile right, whatever else went wrong"(t) {
    const { stripeEvent, trusted } = t.posthog;
    const context = { organization: trusted("organization", "org_1", "row"), plans: PLANS };
    const [older, newer] = [YEAR[1], YEAR[9]].map((event) => stripeEvent(event, context));
    const down = { token: "t", project: "p", host: "http://127.0.0.1:9999" };
    const cases = [
      [{}, older],
      [{ logsnag: down }, older],
      [{}, [...older, { kind: "capture", event: "", distinctId: "x" }]],
      [{ before_send: (event) => (event.event === "User update subscribe" ? null : event) }, older],
      // The answer never comes, though the request arrived.
      [{ budgetMs: 1500, lost: true }, older],
    ];
    for (const [index, [{ lost, ...options }, events]] of cases.entries()) {
      const project = new t.project.constructor(t.receiver, `${t.name}-${index}`);
      const profileStore = sharedStore();
      const settings = { host: project.host, logger: () => {}, maxRetries: 0, profileStore };
      let first = true;
      const late = async (url, init) => {
        if (!first || url.includes("9999")) return await fetch(url, init);
        first = false;
        await new Promise((resolve) => setTimeout(resolve, 150));
        const { signal: _, ...sent } = init;
        const answer = await fetch(url, sent);
        return lost ? await new Promise(() => {}) : answer;
      };
      const slow = new t.posthog.PostHog("phc_test", { ...settings, ...options, fetch: late }).track(events);
      await new Promise((resolve) => setTimeout(resolve, 50));
      same((await new t.posthog.PostHog("phc_test", settings).track(newer)).status, "accepted");
      await slow;
      same((await project.state()).groups.organization.org_1.plan_name, "Maker", `case ${index}`);
    }
  },

  async "what is no profile store is refused before anything is sent"(t) {
    for (const profileStore of [{}, 5, { compareAndSet: 5 }]) {
      const { status, error } = await client(t, { profileStore }).capture({ event: "E", distinctId: "u" });
      same([status, error.code, error.field], ["invalid", "invalid_type", "profileStore.compareAndSet"]);
    }
  },

  async "a correction that fails is not called a success"(t) {
    const { stripeEvent, trusted } = t.posthog;
    const context = { organization: trusted("organization", "org_1", "row"), plans: PLANS };
    const [older, newer] = [YEAR[1], YEAR[9]].map((event) => stripeEvent(event, context));
    const profileStore = sharedStore();
    let requests = 0;
    const fetch = async () => {
      if (requests++ > 0) return new Response("no", { status: 400 });
      await client(t, { profileStore }).track(newer);
      return new Response("{}");
    };
    same((await client(t, { profileStore, fetch }).track(older)).status, "rejected");
  },

  async "a store that hangs costs nobody else's event, nor a caller who gave up"(t) {
    const organization = t.posthog.trusted("organization", "org_1", "row");
    const profileStore = { compareAndSet: () => new Promise(() => {}) };
    const order = { kind: "capture", event: "Order", distinctId: "u", properties: { order: 5 } };
    const events = () => [...t.posthog.stripeEvent(YEAR[0], { organization, plans: PLANS }), order];
    const outcome = await client(t, { profileStore, budgetMs: 1500 }).track(events());
    same(outcome.events.map(({ status }) => status), ["accepted", "invalid", "accepted"]);
    truthy(outcome.elapsedMs >= 600 && outcome.elapsedMs < 3000, `${outcome.elapsedMs} ms`);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const started = Date.now();
    const aborted = await client(t, { profileStore, budgetMs: 20_000 }).track(events(), {
      signal: controller.signal,
    });
    truthy(aborted.status === "aborted" && Date.now() - started < 5000, aborted.status);
  },

  async "what a profile store answers costs nobody else's event, and no logger makes the call reject"(t) {
    const organization = t.posthog.trusted("organization", "org_1", "row");
    // The text of the second has everything in it by which a profile might be known.
    const order = {
      kind: "capture",
      event: "Order",
      distinctId: "u",
      properties: { note: '"kind":"groupIdentify","system":"stripe","groupType":"organization"' },
    };
    const events = () => [...t.posthog.stripeEvent(YEAR[0], { organization, plans: PLANS }), order];
    const answers = [
      1,
      true,
      null,
      [],
      [1],
      { id: 7 },
      new Map(),
      Symbol("s"),
      5n,
      "nonsense",
      "x".repeat(2e6),
    ];
    for (const answer of answers) {
      let asked = 0;
      const profileStore = {
        compareAndSet: async () => {
          asked++;
          return answer;
        },
      };
      const outcome = await client(t, { profileStore, logger: Object.freeze }).track(events());
      truthy(asked > 0, "asked");
      same([outcome.events[0].status, outcome.events[2].status], ["accepted", "accepted"], typeof answer);
      truthy(["accepted", "invalid"].includes(outcome.events[1].status), outcome.events[1].status);
    }
    const throwing = {
      compareAndSet: () => {
        throw new Error("down");
      },
    };
    const outcome = await client(t, { profileStore: throwing, logger: Object.freeze }).track(events());
    same(outcome.events.map(({ status }) => status), ["accepted", "invalid", "accepted"]);
    const working = client(t, { profileStore: sharedStore(), logger: Object.freeze });
    same((await working.track(events())).status, "accepted");
  },

  async "a drain whose profile store fails says so, and where drains are alone, which client has one"(t) {
    const profileStore = { compareAndSet: () => Promise.reject(new Error("down")) };
    const store = memoryStore();
    const group = t.posthog.trusted("organization", "o1", "test");
    const enqueued = { kind: "group_identify", group, properties: { plan: "Solo" } };
    await client(t).enqueue(enqueued, store);
    const alone = { apiKey: "phc_test", host: t.project.host, profileStore, logger: () => {} };
    const { error, more, accepted } = await t.drains.drainOutbox(store, alone);
    same([error.code, error.field, accepted, more], ["invalid_config", "profileStore", 0, false]);
    truthy(error.message.includes("posthog-wasm/full"), error.message);
    const drained = await client(t, { profileStore }).drain(store);
    same([drained.accepted, drained.ok, drained.error?.code], [1, false, "profile_store_failed"]);
  },

  async "a budget that is none is refused, with a profile store too"(t) {
    const profileStore = { compareAndSet: async (_key, _expected, next) => next };
    const organization = t.posthog.trusted("organization", "o1", "test");
    const webhook = {
      id: "evt_1",
      type: "customer.subscription.deleted",
      created: 1,
      data: { object: { id: "s" } },
    };
    for (const budgetMs of [5000n, null, -5, "soon", NaN]) {
      const posthog = client(t, { profileStore });
      const events = t.posthog.stripeEvent(webhook, { organization, plans: [] });
      const sent = await posthog.track(events, { budgetMs });
      const drained = await client(t).drain(memoryStore(), { budgetMs });
      same([sent.status, drained.status], ["invalid", "invalid"], String(budgetMs));
    }
  },

  async "a profile that waited does not undo a newer one"(t) {
    const marks = new Map();
    const profileStore = {
      async compareAndSet(key, expected, next) {
        if (marks.get(key) === expected) marks.set(key, next);
        return marks.get(key);
      },
    };
    const store = memoryStore();
    const posthog = client(t, { outbox: { store, write: "on_failure" }, profileStore });
    const organization = t.posthog.trusted("organization", "o1", "test");
    const plans = [{ name: "Solo", product: "prod_1" }, { name: "Team", product: "prod_2" }];
    const webhook = (id, created, product) => ({
      id,
      type: id === "evt_1" ? "customer.subscription.created" : "customer.subscription.updated",
      created,
      data: {
        object: {
          id: "sub_1",
          object: "subscription",
          customer: "cus_1",
          status: "active",
          items: { data: [{ price: { id: `price_${product}`, product, recurring: { interval: "month" } } }] },
        },
      },
    });
    const track = (...given) =>
      posthog.track(t.posthog.stripeEvent(webhook(...given), { organization, plans }));
    await t.project.faults({ mode: "status", status: 503 });
    same((await track("evt_1", 1767323000, "prod_1")).status, "queued");
    await t.project.faults();
    same((await track("evt_2", 1767323100, "prod_2")).status, "accepted");
    const plan = async () => (await t.project.state()).groups.organization.o1.plan_name;
    same(await plan(), "Team");
    store.ripen();
    same((await posthog.drain()).status, "accepted");
    same([await plan(), store.rows.size], ["Team", 0]);
  },
};
