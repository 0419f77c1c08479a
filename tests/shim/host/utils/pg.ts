// A database whose clients only say that they were opened and ended.
import type { Context } from "hono";

export const steps: string[] = [];

export interface PgClient {
  readonly readOnly: boolean;
  end(): Promise<void>;
}

export interface DrizzleClient {
  readonly client: PgClient;
}

export function getPgClient(_c: Context, readOnly = false): PgClient {
  steps.push("open");
  return {
    readOnly,
    end: async () => {
      steps.push("end");
    },
  };
}

export function getDrizzleClient(client: PgClient): DrizzleClient {
  return { client };
}
