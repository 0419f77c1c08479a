import { type Tracked, trusted } from "posthog-wasm";

/** What analytics reads of a row of `orgs`; the row has more, which stays in the database. */
export interface OrganizationRow {
  id: string;
  name: string;
  website?: string;
  created_at: string;
}

/** The new row of a database webhook's body, or undefined if the body is none of this table's inserts. */
export function insertedOrganization(body: unknown): OrganizationRow | undefined {
  const { type, table, record } = (body ?? {}) as {
    type?: unknown;
    table?: unknown;
    record?: OrganizationRow;
  };
  if (type !== "INSERT" || table !== "orgs" || typeof record !== "object" || record === null) {
    return undefined;
  }
  const { id, name, website, created_at } = record;
  if (typeof id !== "string" || id.trim() === "" || typeof name !== "string") return undefined;
  if (typeof created_at !== "string" || Number.isNaN(Date.parse(created_at))) return undefined;
  return { id, name, website: typeof website === "string" ? website : undefined, created_at };
}

/** The fact, and the organization's profile: what it calls itself, never whom to write to or to bill. */
export function organizationCreated({ id, name, website, created_at }: OrganizationRow): Tracked[] {
  const organization = trusted("organization", id, "the row of a database webhook");
  // The row has been created once, however often the webhook comes.
  const source = { system: "supabase", id, at: created_at };
  return [
    {
      kind: "capture",
      event: "Org Created",
      distinctId: id,
      groups: [organization],
      properties: { channel: "org-created" },
      source,
    },
    {
      kind: "group_identify",
      group: organization,
      properties: { name, website, created_at },
      source,
    },
  ];
}
