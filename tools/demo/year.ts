// A year in the life of three customers, as the webhooks that tell of it.
import { organizationOf, plans } from "../../examples/supabase/functions/_shared/database.ts";
import * as database from "./database.ts";
import * as stripe from "./stripe.ts";

export interface Webhook {
  what: string;
  to: "on_organization_create" | "stripe_event";
  /** Made when it is sent: a signature has its time. */
  headers(): Record<string, string>;
  body: string;
  /** What the function must answer. */
  status: number;
  /** Whether it makes two events: the fact, and the organization's profile after it. */
  tracked: boolean;
}

const [solo, maker] = plans;

const fernweh = await organization("cus_Fernweh", {
  name: "Fernweh Bikes",
  website: "https://fernweh.example",
  management_email: "office@fernweh.example",
  created_at: "2025-01-14T09:12:33.418027+00:00",
});
const kestrel = await organization("cus_Kestrel", {
  name: "Kestrel Labs",
  website: "https://kestrel.example",
  management_email: "ada@kestrel.example",
  created_at: "2025-03-03T16:40:05.102938+00:00",
});
const osprey = await organization("cus_Osprey", {
  name: "Osprey Legal",
  website: null,
  management_email: "it@osprey.example",
  created_at: "2025-06-22T07:55:48.660114+00:00",
});

const upgrade = stripe.subscription({
  id: "evt_FernwehYearly",
  type: "updated",
  at: "2025-06-01T10:31:12Z",
  customer: fernweh.customer_id,
  item: { product: solo.stripe_id, price: solo.price_y_id, interval: "year" },
  before: { product: solo.stripe_id, price: solo.price_m_id, interval: "month" },
});

export const year: readonly Webhook[] = [
  fromDatabase("Fernweh Bikes signs up", database.inserted(fernweh)),
  fromStripe(
    "Fernweh Bikes subscribes to Solo",
    stripe.subscription({
      id: "evt_FernwehMonthly",
      type: "created",
      at: "2025-02-01T08:04:50Z",
      customer: fernweh.customer_id,
      item: { product: solo.stripe_id, price: solo.price_m_id, interval: "month" },
    }),
  ),
  fromDatabase("Kestrel Labs signs up", database.inserted(kestrel)),
  fromStripe(
    "Kestrel Labs subscribes to Maker",
    stripe.subscription({
      id: "evt_KestrelMonthly",
      type: "created",
      at: "2025-03-10T13:20:00Z",
      customer: kestrel.customer_id,
      item: { product: maker.stripe_id, price: maker.price_m_id, interval: "month" },
    }),
  ),
  fromStripe("Fernweh Bikes goes yearly", upgrade),
  fromStripe("  the same webhook once more", upgrade),
  fromDatabase("Osprey Legal signs up", database.inserted(osprey)),
  fromStripe(
    "Osprey Legal subscribes, special price",
    stripe.subscription({
      id: "evt_OspreySpecial",
      type: "created",
      at: "2025-07-01T06:00:00Z",
      customer: osprey.customer_id,
      item: { product: maker.stripe_id, price: "price_MakerForLawyers", interval: "year" },
    }),
  ),
  fromStripe(
    "Kestrel Labs has canceled",
    stripe.subscription({
      id: "evt_KestrelCanceled",
      type: "deleted",
      at: "2025-10-10T13:20:03Z",
      customer: kestrel.customer_id,
      item: { product: maker.stripe_id, price: maker.price_m_id, interval: "month" },
      // Asked for in September; the month that was paid for went on.
      canceledAt: "2025-09-19T17:45:21Z",
      endedAt: "2025-10-10T13:20:00Z",
    }),
  ),
  {
    ...fromStripe(
      "a customer nobody knows",
      stripe.subscription({
        id: "evt_Stranger",
        type: "created",
        at: "2025-11-05T11:11:11Z",
        customer: "cus_Stranger",
        item: { product: solo.stripe_id, price: solo.price_m_id, interval: "month" },
      }),
    ),
    tracked: false,
  },
  {
    ...fromDatabase("an insert with a guessed secret", database.inserted({ ...fernweh, name: "Pwned" })),
    headers: () => ({ ...database.headers(), "x-webhook-secret": "guessed" }),
    status: 401,
    tracked: false,
  },
  {
    ...fromStripe("a cancellation with a forged signature", upgrade.replace(".updated", ".deleted")),
    headers: () => stripe.headers(upgrade),
    status: 400,
    tracked: false,
  },
];

async function organization(customer_id: string, row: Omit<database.Organization, "id" | "customer_id">) {
  return { id: (await organizationOf(customer_id))!, customer_id, ...row };
}

function fromDatabase(what: string, body: string): Webhook {
  return { what, to: "on_organization_create", headers: database.headers, body, status: 200, tracked: true };
}

function fromStripe(what: string, body: string): Webhook {
  return { what, to: "stripe_event", headers: () => stripe.headers(body), body, status: 200, tracked: true };
}
