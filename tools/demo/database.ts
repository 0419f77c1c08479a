// The other end of the database's webhooks and cron jobs.
import { randomUUID } from "node:crypto";
import type { Organization } from "../../examples/supabase/functions/_shared/database.ts";

export const secret = randomUUID();

export function headers(): Record<string, string> {
  return { "content-type": "application/json", "x-webhook-secret": secret };
}

/** The body of Supabase's webhook for an insert: the whole row, though most of it is nobody's business. */
export function inserted(table: string, record: object): string {
  return JSON.stringify({ type: "INSERT", table, schema: "public", record, old_record: null });
}

export function organizationRow(organization: Organization, created_at: string): object {
  return {
    ...organization,
    created_at,
    updated_at: created_at,
    created_by: "5d0f8a16-43cb-4e7d-a1f2-7b8c9d0e1f2a",
    logo: null,
  };
}
