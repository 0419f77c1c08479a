// A year of one organization's webhooks, and a profile store that all of a test's handlers share.
export const PLANS = [
  { name: "Solo", product: "prod_solo", monthlyPriceId: "solo_m", yearlyPriceId: "solo_y" },
  { name: "Maker", product: "prod_maker", monthlyPriceId: "maker_m", yearlyPriceId: null },
];
const PRODUCTS = { solo_m: "prod_solo", solo_y: "prod_solo", maker_m: "prod_maker" };
const CENTS = { solo_m: 1200, solo_y: 12_000, maker_m: 3900 };

export const items = (id) => ({
  data: [{
    price: {
      id,
      product: PRODUCTS[id],
      unit_amount: CENTS[id],
      recurring: { interval: id.endsWith("y") ? "year" : "month", interval_count: 1, usage_type: "licensed" },
    },
  }],
});

export function webhook(id, kind, created, price, more = {}, previous_attributes) {
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
export const T0 = 1_750_000_000;
export const YEAR = [
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
export const CANCELED = YEAR[5];
export const ABOUT = [
  "subscribed",
  "planChanged",
  "canceled",
  "invoiceUpcoming",
  "paymentFailed",
  "cardAdded",
  "cardExpiring",
];
export const RESUBSCRIBED = {
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
export function sharedStore() {
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
export function shuffled(list, seed) {
  const left = [...list];
  const mixed = [];
  for (let state = seed * 2_654_435_761 >>> 0; left.length > 0;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    mixed.push(...left.splice(state % left.length, 1));
  }
  return mixed;
}
