// The other end of the database webhook.
import { randomUUID } from "node:crypto";

export const secret = randomUUID();

export function headers(): Record<string, string> {
  return { "content-type": "application/json", "x-webhook-secret": secret };
}

export interface Organization {
  id: string;
  name: string;
  website: string | null;
  management_email: string;
  customer_id: string;
  created_at: string;
}

/** The body of Supabase's webhook for an insert: the whole row, though most of it is nobody's business. */
export function inserted(organization: Organization): string {
  return JSON.stringify({
    type: "INSERT",
    table: "orgs",
    schema: "public",
    record: {
      ...organization,
      updated_at: organization.created_at,
      created_by: "5d0f8a16-43cb-4e7d-a1f2-7b8c9d0e1f2a",
      logo: null,
    },
    old_record: null,
  });
}
