// What Stripe's webhooks mean: events, profiles, and notifications that the caller decides on.
import { client, same, truthy } from "./check.js";
import { ABOUT, CANCELED, items, PLANS, T0, webhook, YEAR } from "./webhooks.js";

export const tests = {
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
};
