// What happened in the product, from rows, webhooks and clients to what PostHog knows of it.
import { client, same, truthy } from "./check.js";

const PLANS = [
  { name: "Solo", product: "prod_solo", monthlyPriceId: "solo_m", yearlyPriceId: "solo_y" },
  { name: "Maker", product: "prod_maker", monthlyPriceId: "maker_m", yearlyPriceId: null },
];
const PRODUCTS = { solo_m: "prod_solo", solo_y: "prod_solo", maker_m: "prod_maker" };
const CENTS = { solo_m: 1200, solo_y: 12_000, maker_m: 3900 };

const items = (id) => ({
  data: [{
    price: {
      id,
      product: PRODUCTS[id],
      unit_amount: CENTS[id],
      recurring: { interval: id.endsWith("y") ? "year" : "month", interval_count: 1, usage_type: "licensed" },
    },
  }],
});

function webhook(id, kind, created, price, more = {}, previous_attributes) {
  const object = {
    id: "sub_1",
    customer: "cus_1",
    status: "active",
    canceled_at: null,
    ended_at: null,
    cancel_at: null,
    items: items(price),
    ...more,
  };
  return { id, type: `customer.subscription.${kind}`, created, data: { object, previous_attributes } };
}

/** A subscription's year, with events that tie within a second. */
const T0 = 1_750_000_000;
const YEAR = [
  webhook("evt_z1", "created", T0, "solo_m", { status: "incomplete" }),
  webhook("evt_y1", "updated", T0, "solo_m", {}, { status: "incomplete" }),
  webhook("evt_m1", "updated", T0 + 100, "solo_y", {}, { items: items("solo_m") }),
  webhook("evt_b1", "updated", T0 + 200, "maker_m", {}, { items: items("solo_y") }),
  webhook("evt_a1", "updated", T0 + 200, "maker_m", { status: "unpaid" }, { status: "active" }),
  webhook("evt_w2", "deleted", T0 + 500, "maker_m", {
    status: "canceled",
    canceled_at: T0 + 400,
    ended_at: T0 + 500,
  }),
  webhook("evt_w1", "updated", T0 + 500, "maker_m", { status: "canceled" }, { status: "active" }),
  webhook("evt_q9", "created", T0 + 600, "solo_m", { status: "trialing" }),
  webhook("evt_q3", "updated", T0 + 700, "solo_m", {}, { status: "trialing" }),
  webhook("evt_q1", "updated", T0 + 700, "maker_m", {}, { items: items("solo_m") }),
];
const CANCELED = YEAR[5];
const ABOUT = [
  "subscribed",
  "planChanged",
  "canceled",
  "invoiceUpcoming",
  "paymentFailed",
  "cardAdded",
  "cardExpiring",
];
const RESUBSCRIBED = {
  plan_name: "Maker",
  plan_type: "monthly",
  plan_status: "updated",
  subscription_status: "active",
  subscription_status_name: "updated",
  canceled_at: null,
  ended_at: null,
  cancel_at: null,
};

/** A store that all handlers share, as slow as a database. */
function sharedStore() {
  const stored = new Map();
  return {
    async compareAndSet(key, expected, next) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
      if (stored.get(key) === expected) stored.set(key, next);
      return stored.get(key);
    },
  };
}

/** The same shuffle for the same number. */
function shuffled(list, seed) {
  const left = [...list];
  const mixed = [];
  for (let state = seed * 2_654_435_761 >>> 0; left.length > 0;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    mixed.push(...left.splice(state % left.length, 1));
  }
  return mixed;
}

export const tests = {
  async "an organization's row becomes its event and its profile"(t) {
    const row = {
      id: "org_1",
      name: "Acme",
      website: null,
      created_at: "2025-01-02 03:04:05.678+00",
      management_email: "a@b.c",
      customer_id: "cus_1",
      created_by: "u",
    };
    same((await client(t).track(t.posthog.organizationCreated(row))).status, "accepted");
    const { events: [created], groups, requests } = await t.project.arrived(2);
    same([
      created.event,
      created.distinct_id,
      created.timestamp,
      created.properties.$groups,
      created.properties.channel,
    ], [
      "Org Created",
      "org_1",
      "2025-01-02T03:04:05.678Z",
      { organization: "org_1" },
      "org-created",
    ]);
    same(groups, { organization: { org_1: { name: "Acme", created_at: "2025-01-02 03:04:05.678+00" } } });
    truthy(!/a@b|cus_1/.test(requests[0].body), "nothing personal");
  },

  async "an app is a group where the project has that type, and else is not"(t) {
    const row = { app_id: "com.x", owner_org: "org_1" };
    await client(t).track(t.posthog.appCreated(row));
    await client(t, { groupTypes: ["organization", "app"] }).track(t.posthog.appCreated(row));
    const { events } = await t.project.arrived(2);
    same(events.map(({ properties }) => properties.$groups), [{ organization: "org_1" }, {
      organization: "org_1",
      app: "com.x",
    }]);
  },

  async "a row that belongs to nobody is invalid, and what cannot be read too"(t) {
    const circle = { id: "o" };
    circle.circle = circle;
    for (
      const [row, code] of [[{}, "missing_column"], [null, "invalid_type"], [undefined, "invalid_type"], [
        circle,
        "circular",
      ], [{ id: 1n }, "bigint"]]
    ) {
      const outcome = await client(t).track(t.posthog.organizationCreated(row));
      same([outcome.status, outcome.events[0].error.code], ["invalid", code]);
    }
    const { stripeEvent, trusted } = t.posthog;
    const context = { organization: trusted("organization", "org_1", "row"), plans: PLANS };
    for (
      const [event, given] of [[null, context], [{}, context], [YEAR[0], undefined], [YEAR[0], {
        plans: PLANS,
      }], [YEAR[0], { ...context, organization: { type: "organization", key: "victim" } }]]
    ) {
      same((await client(t).track(stripeEvent(event, given))).status, "invalid");
    }
    same((await t.project.state()).requests.length, 0);
  },

  async "warnings go to whoever listens, else along to the outcome"(t) {
    const heard = [];
    const context = { organization: t.posthog.trusted("organization", "org_1", "row"), plans: [] };
    same(
      t.posthog.stripeEvent({ ...YEAR[0], type: "odd" }, {
        ...context,
        onWarning: ({ code }) => heard.push(code),
      }),
      [],
    );
    same(heard, ["unknown_event"]);
    const { warnings } = await client(t).track(t.posthog.stripeEvent(CANCELED, context));
    same(warnings.map(({ code }) => code), ["unknown_plan"]);
  },

  async "a product in no plan gives nothing, and the log says so unless somebody listens"(t) {
    const context = { organization: t.posthog.trusted("organization", "org_1", "row"), plans: [] };
    const printed = [];
    const heard = [];
    const real = console.warn;
    console.warn = (...words) => void printed.push(words.join(" "));
    try {
      same(t.posthog.stripeEvent(YEAR[0], context), []);
      same(t.posthog.stripeEvent(YEAR[0], { ...context, onWarning: ({ code }) => heard.push(code) }), []);
      same(
        t.posthog.stripeEvent(webhook("evt_1", "updated", T0, "maker_m", { status: "past_due" }), context),
        [],
      );
    } finally {
      console.warn = real;
    }
    same(heard, ["unknown_plan"]);
    same(printed.length, 1);
    truthy(/customer\.subscription\.created.*unknown_plan/.test(printed[0]), printed[0]);
  },

  async "a webhook's notifications are renamed, filled and switched off by what is known"(t) {
    const { stripeEvent, trusted } = t.posthog;
    const organization = trusted("organization", "org_1", "row");
    const context = { organization, organizationName: "Acme", plans: PLANS };
    const changed = webhook("evt_1", "updated", T0, "solo_y", {}, { items: items("maker_m") });
    const asked = [];
    const remember = (about) => (facts) => {
      asked.push([about, facts]);
      return facts.notification;
    };
    const notifications = Object.fromEntries(ABOUT.map((about) => [about, remember(about)]));
    const plain = stripeEvent(changed, context);
    same(stripeEvent(changed, { ...context, notifications }), plain, "the default again");
    const known = {
      organization: { type: "organization", key: "org_1" },
      organizationName: "Acme",
      stripeEvent: changed,
      plan: "Solo",
      planType: "yearly",
      previousPlan: "Maker",
      previousPlanType: "monthly",
      change: "upgraded",
    };
    same(asked, [
      ["planChanged", { ...known, notification: plain[0].notification }],
      ["subscribed", { ...known, status: "active", notification: plain[1].notification }],
    ]);
    truthy(
      asked.every(([, facts]) => facts.organization === organization && facts.stripeEvent === changed),
      "as given",
    );

    const events = stripeEvent(changed, {
      ...context,
      notifications: {
        planChanged: () => null,
        subscribed: ({ notification, plan, organizationName }) => ({
          ...notification,
          event: "billing:welcome",
          data: { ...notification.data, plan, organizationName, at: new Date(0) },
        }),
      },
    });
    same(events.map(({ event, notification }) => [event, notification?.event, notification?.data]), [
      ["User Upgraded", undefined, undefined],
      ["User update subscribe", "billing:welcome", {
        ...plain[1].notification.data,
        plan: "Solo",
        organizationName: "Acme",
        at: "1970-01-01T00:00:00.000Z",
      }],
      [undefined, undefined, undefined],
    ]);
    truthy(typeof events[1].notification.data.at === "string", "taken as JSON");
    same((await client(t).track(events)).warnings, []);

    // One for all, or none at all: nobody is asked.
    asked.length = 0;
    const own = { event: "own", preferenceKey: "p", uniqId: "u", data: {} };
    for (const notification of [own, null]) {
      const [upgraded, updated, profile] = stripeEvent(changed, { ...context, notifications, notification });
      same([upgraded.notification ?? null, updated.notification ?? null], [notification, notification]);
      truthy(!("notification" in profile) && !("facts" in upgraded), "nothing else");
    }
    same(asked, []);
  },

  async "each notification is asked for once, and knows what it is about"(t) {
    const { stripeEvent, trusted } = t.posthog;
    const organization = trusted("organization", "org_1", "row");
    const other = (type, object) => ({ id: "evt_1", type, created: T0, data: { object } });
    const card = { exp_month: 7, exp_year: 2027 };
    for (
      const [event, about, expected] of [
        [YEAR[0], "subscribed", {
          plan: "Solo",
          planType: "monthly",
          change: "created",
          status: "incomplete",
        }],
        [CANCELED, "canceled", {
          plan: "Maker",
          canceledAt: "2025-06-15T15:13:20.000Z",
          endedAt: "2025-06-15T15:15:00.000Z",
        }],
        [other("invoice.upcoming", { total: 1450, currency: "eur" }), "invoiceUpcoming", {
          plan: null,
          planType: "monthly",
          price: 14.5,
          currency: "eur",
        }],
        [other("charge.failed", { amount: 1450, currency: "eur" }), "paymentFailed", { amount: 1450 }],
        [other("payment_method.attached", { card }), "cardAdded", { expirationDate: "7/2027" }],
        [other("customer.source.expiring", card), "cardExpiring", { expirationDate: "7/2027" }],
      ]
    ) {
      const asked = [];
      const notifications = Object.fromEntries(ABOUT.map((name) => [name, (facts) => {
        asked.push(name);
        for (const [fact, value] of Object.entries(expected)) same(facts[fact], value, `${about}: ${fact}`);
        return null;
      }]));
      const [first] = stripeEvent(event, { organization, plans: PLANS, notifications });
      same(asked, [about]);
      truthy(!("notification" in first) && !("facts" in first) && !first.warnings, JSON.stringify(first));
      // Without a function, null switches it off; what is no decision changes nothing.
      const [off] = stripeEvent(event, { organization, plans: PLANS, notifications: { [about]: null } });
      truthy(!("notification" in off), about);
      for (const none of [{}, { [about]: undefined }, { [about]: 7 }, [], null, 7]) {
        const [same_] = stripeEvent(event, { organization, plans: PLANS, notifications: none });
        truthy(same_.notification.event.includes(":") && !("facts" in same_), about);
      }
    }
  },

  async "whatever a notification's callback does, the event is there with the default"(t) {
    const { stripeEvent, trusted } = t.posthog;
    const context = { organization: trusted("organization", "org_1", "row"), plans: PLANS };
    const plain = stripeEvent(YEAR[0], context);
    const circle = { event: "e" };
    circle.circle = circle;
    // Not a call in its last place: Bun makes a loop of that.
    const overflow = () => 1 + overflow();
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const throws = (what) => () => {
      throw what;
    };
    for (
      const subscribed of [
        throws(new Error("no")),
        throws(undefined),
        throws(proxy),
        overflow,
        ({ notification }) => {
          notification.event = notification.data.plan_name = "spoilt";
          throw new Error("too late");
        },
        () => {},
        () => 7,
        () => "text",
        () => [],
        () => ({}),
        () => ({ event: "" }),
        () => ({ event: "e", data: 7 }),
        () => ({ event: "e", data: [] }),
        () => ({ event: "e", data: null }),
        () => ({ event: "e", uniqId: 7 }),
        () => ({ event: "e", preferenceKey: {} }),
        7,
        {},
        "subscribed",
        false,
        () => proxy,
        () => circle,
        () => ({ event: "e", data: 1n }),
        () => ({ event: "e", toJSON: throws(new Error("no")) }),
        () => ({ event: "e", toJSON: () => undefined }),
        () => ({ event: "e", data: { text: "x".repeat(70_000) } }),
        async () => ({ event: "e" }),
        () => Promise.reject(new Error("later")),
      ]
    ) {
      const [event, profile] = stripeEvent(YEAR[0], { ...context, notifications: { subscribed } });
      const { warnings, ...rest } = event;
      same([rest, profile], plain, String(subscribed));
      same(warnings.map(({ code, field }) => [code, field]), [[
        "notification_failed",
        "notifications.subscribed",
      ]]);
      const heard = [];
      stripeEvent(YEAR[0], {
        ...context,
        notifications: { subscribed },
        onWarning: ({ code }) => heard.push(code),
      });
      same(heard, ["notification_failed"]);
    }
    const getter = {
      get subscribed() {
        throw new Error("no");
      },
    };
    for (const notifications of [getter, proxy]) {
      const [{ warnings, ...event }, profile] = stripeEvent(YEAR[0], { ...context, notifications });
      same([event, profile, warnings.length], [...plain, 1]);
    }
    const events = stripeEvent(YEAR[0], {
      ...context,
      notifications: { subscribed: throws(new Error("no")) },
    });
    const outcome = await client(t).track(events);
    same([outcome.status, outcome.warnings.map(({ code }) => code)], ["accepted", ["notification_failed"]]);
  },

  async "a row's notification can be taken out too"(t) {
    const row = { id: "org_1", name: "Acme", created_at: "2025-01-02T03:04:05Z" };
    const [without] = t.posthog.organizationCreated(row, { notification: null });
    const [withIt] = t.posthog.organizationCreated(row);
    truthy(!("notification" in without) && withIt.notification.event === "org:created", "taken out");
    same((await client(t).track({ ...withIt, notification: null })).warnings, []);
  },

  async "options of a webhook's reading that are none are refused by name"(t) {
    const organization = t.posthog.trusted("organization", "org_1", "row");
    const wanted = "must be an array of { name, product, … }";
    for (
      const [options, code, field, message] of [
        [{ planChanges: "prices" }, "invalid_config", "planChanges", 'must be "product" or "price"'],
        [{ planChanges: 7 }, "invalid_config", "planChanges", 'must be "product" or "price"'],
        [{ plans: [null, {}] }, "invalid_type", "plans", `${wanted}; element 0 is null`],
        [{ plans: [PLANS[0], 7] }, "invalid_type", "plans", `${wanted}; element 1 is no object`],
        [{ plans: [{}] }, "invalid_type", "plans", `${wanted}; element 0 has no name or no product`],
        [{ plans: 7 }, "invalid_type", "plans", `${wanted}, not a number`],
      ]
    ) {
      const events = t.posthog.stripeEvent(YEAR[0], { organization, plans: PLANS, ...options });
      const { status, error } = await client(t).track(events);
      same([status, error?.code, error?.field, error?.message], ["invalid", code, field, message]);
    }
    const none = t.posthog.stripeEvent(YEAR[0], { organization, plans: PLANS, planChanges: null });
    same(none[0].event, "User subscribe");
  },

  async "what another plan is can be asked for by price"(t) {
    const context = { organization: t.posthog.trusted("organization", "org_1", "row"), plans: PLANS };
    const names = (event, planChanges) =>
      t.posthog.stripeEvent(event, { ...context, planChanges }).map(({ event, properties }) =>
        event ?? properties.subscription_status_name
      );
    const dearer = webhook("evt_1", "updated", T0, "maker_m", {}, { items: items("solo_m") });
    for (const product of [undefined, "product"]) {
      same(names(dearer, product), ["User Plan Changed", "User update subscribe", "updated"]);
      same(names(YEAR[2], product), ["User update subscribe", "upgraded"]);
    }
    same(names(dearer, "price"), ["User Upgraded", "User update subscribe", "upgraded"]);
    same(names(YEAR[2], "price"), ["User Upgraded", "User update subscribe", "upgraded"]);
    const cheaper = webhook("evt_1", "updated", T0, "solo_m", {}, { items: items("maker_m") });
    same(names(cheaper, "price"), ["User Plan Changed", "User update subscribe", "downgraded"]);
  },

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
      const posthog = client(t, { profileStore: { compareAndSet }, budgetMs: 200 });
      const outcome = await posthog.track(t.posthog.stripeEvent(YEAR[0], { organization, plans: PLANS }));
      const [event, profile] = outcome.events;
      same([profile.status, profile.error.code], ["invalid", "profile_store_failed"]);
      same(event.status, "accepted");
    }
    same(Object.keys((await t.project.state()).groups), []);
  },

  async "a client's event writes no name of PostHog's"(t) {
    const { AnalyticsError, fromClient, resolveTrackingIdentity } = t.posthog;
    const request = {
      event: "Step",
      channel: "c",
      org_id: "org_1",
      tracking_version: 2,
      tags: { a: 1, $groups: { organization: "victim" }, $set: { b: 2 } },
    };
    const who = await resolveTrackingIdentity(request, {
      userId: "user_1",
      canReadOrganization: () => true,
      canReadApp: () => false,
      appOwner: () => null,
    });
    const outcome = await client(t).track(fromClient(request, who));
    same([outcome.status, outcome.warnings.map(({ code, field }) => [code, field])], ["accepted", [[
      "reserved_property",
      "tags.$groups",
    ], ["reserved_property", "tags.$set"]]]);
    const { events: [event] } = await t.project.arrived(1);
    same([event.distinct_id, event.properties.$groups, event.properties.$set, event.properties.org_id], [
      "user_1",
      { organization: "org_1" },
      { a: 1, org_id: "org_1" },
      "org_1",
    ]);
    for (const name of ["$groupidentify", "$create_alias", "$set", ""]) {
      try {
        fromClient({ event: name }, who);
        truthy(false, name);
      } catch (error) {
        truthy(
          error instanceof AnalyticsError && ["reserved_name", "invalid_event"].includes(error.code),
          error,
        );
      }
    }
    const forged = fromClient({ event: "e" }, { ok: true, distinctId: "u", groups: [] });
    same(forged.groups, []);
    try {
      fromClient({ event: "e" }, {
        ok: true,
        distinctId: "u",
        groups: [{ type: "organization", key: "victim" }],
      });
      truthy(false, "forged");
    } catch (error) {
      same(error.code, "unverified_group");
    }
  },

  async "LogSnag is told what LogSnag knows, and each provider's trouble is its own"(t) {
    const logsnag = new t.project.constructor(t.receiver, `${t.name}-logsnag`);
    const options = { logsnag: { token: "secret", project: "app", host: logsnag.host } };
    const rows = () =>
      t.posthog.organizationCreated({ id: "org_1", name: "Acme", created_at: "2025-01-02T03:04:05Z" }, {
        properties: { seats: 3, deep: { no: 1 }, none: null },
      });
    const outcome = await client(t, options).track(rows());
    same([outcome.status, outcome.providers.logsnag.status, outcome.providers.posthog.status], [
      "accepted",
      "accepted",
      "accepted",
    ]);
    const { requests: [told] } = await logsnag.state();
    same([told.path, told.headers.authorization, JSON.parse(told.body)], ["/v1/log", "Bearer secret", {
      project: "app",
      channel: "org-created",
      event: "Org Created",
      icon: "🎉",
      user_id: "org_1",
      notify: false,
      timestamp: 1735787045,
      tags: { seats: 3 },
    }]);
    const body = async () => (await t.project.state()).requests.at(-1).body;
    const alone = await body();
    for (
      const fault of [{ mode: "status", status: 500 }, { mode: "hang" }, { mode: "reset" }, {
        mode: "drip",
        status: 500,
      }]
    ) {
      await logsnag.faults(fault);
      const { providers, events, ok } = await client(t, { ...options, budgetMs: 300 }).track(rows());
      same([providers.posthog.status, events[0].status, ok], ["accepted", "accepted", false], fault.mode);
      truthy(providers.logsnag.status !== "accepted", fault.mode);
      same(await body(), alone, fault.mode);
    }
    await logsnag.faults();
    await t.project.faults({ mode: "status", status: 503 });
    const down = await client(t, options).track(rows());
    same([down.status, down.providers.posthog.status, down.providers.logsnag.status], [
      "unreachable",
      "unreachable",
      "accepted",
    ]);
    same((await logsnag.state()).requests.at(-1).body, told.body);
    await t.project.faults();
    const none = await client(t).track(rows());
    same([none.status, none.providers.logsnag.status, none.providers.logsnag.reason], [
      "accepted",
      "skipped",
      "not_configured",
    ]);
    same(
      (await client(t, options).capture({ event: "Quiet", distinctId: "u" })).providers.logsnag,
      undefined,
    );
  },

  async "a hook's last word goes for LogSnag too"(t) {
    const logsnag = new t.project.constructor(t.receiver, `${t.name}-logsnag`);
    await logsnag.faults();
    const options = { logsnag: { token: "secret", project: "app", host: logsnag.host } };
    const row = { app_id: "com.x", owner_org: "org_1" };
    const without = (event) => {
      delete event.properties.app_id;
      return event;
    };
    await client(t, { ...options, before_send: without }).track(t.posthog.appCreated(row));
    same(JSON.parse((await logsnag.state()).requests[0].body).tags, {
      is_demo: "false",
      need_onboarding: "false",
    });
    await client(t, { ...options, before_send: () => null }).track(t.posthog.appCreated(row));
    same((await logsnag.state()).requests.length, 1);
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
    const outcome = await client(t, { profileStore, budgetMs: 600 }).track(events());
    same(outcome.events.map(({ status }) => status), ["accepted", "invalid", "accepted"]);
    truthy(outcome.elapsedMs >= 250 && outcome.elapsedMs < 3000, `${outcome.elapsedMs} ms`);
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

  async "a client's request of more than 64 kB is refused"(t) {
    const request = { event: "e", tags: { text: "x".repeat(70_000) } };
    const who = await t.posthog.resolveTrackingIdentity({ event: "e" }, {
      userId: "u",
      canReadOrganization: () => true,
      canReadApp: () => true,
      appOwner: () => null,
    });
    try {
      t.posthog.fromClient(request, who);
      truthy(false, "taken");
    } catch (error) {
      same([error.name, error.code], ["AnalyticsError", "too_large"]);
    }
    const refused = await t.posthog.resolveTrackingIdentity(request, {
      userId: "u",
      canReadOrganization: () => true,
      canReadApp: () => true,
      appOwner: () => null,
    });
    same([refused.ok, refused.code], [false, "too_large"]);
  },

  async "a LogSnag that is set up wrongly is its own trouble, and so is a PostHog that is not set up"(t) {
    const rows = () => t.posthog.organizationCreated({ id: "org_1", created_at: "2025-01-02T03:04:05Z" });
    const { providers, events } = await client(t, { logsnag: { token: "t" } }).track(rows());
    same([providers.posthog.status, providers.logsnag.status, events[0].status], [
      "accepted",
      "invalid",
      "accepted",
    ]);
    const logsnag = new t.project.constructor(t.receiver, `${t.name}-logsnag`);
    const alone = new t.posthog.PostHog("", {
      logger: () => {},
      logsnag: { token: "t", project: "p", host: logsnag.host },
    });
    const outcome = await alone.track(rows());
    same([outcome.providers.posthog.reason, outcome.providers.logsnag.status, outcome.events[0].status], [
      "not_configured",
      "accepted",
      "skipped",
    ]);
    same((await logsnag.state()).requests.length, 1);
  },
};
