// Stands in for the database, and for nothing else: what the functions would otherwise select.

/** A plan, sold as one product of Stripe's, by the month and by the year. */
export interface Plan {
  name: string;
  stripe_id: string;
  price_m_id: string;
  price_y_id: string;
}

export const plans: readonly Plan[] = [
  { name: "Solo", stripe_id: "prod_Solo", price_m_id: "price_SoloMonthly", price_y_id: "price_SoloYearly" },
  {
    name: "Maker",
    stripe_id: "prod_Maker",
    price_m_id: "price_MakerMonthly",
    price_y_id: "price_MakerYearly",
  },
];

const organizations = new Map([
  ["cus_Fernweh", "3b0c5f6e-8d21-4c7a-9e44-1f6a2d7b9c01"],
  ["cus_Kestrel", "71e9a4d2-5c3b-4f08-b6a7-92c4e8d01f35"],
  ["cus_Osprey", "c84d1b7f-2e96-4a53-8f1c-60b7d3a95e28"],
]);

export function organizationOf(customer: string): Promise<string | undefined> {
  return Promise.resolve(organizations.get(customer));
}

export function allPlans(): Promise<readonly Plan[]> {
  return Promise.resolve(plans);
}
