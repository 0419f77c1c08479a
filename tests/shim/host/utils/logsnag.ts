import { LogSnag, type TrackOptions } from "@logsnag/node";
import type { Context } from "hono";
import { getEnv } from "./utils.ts";

const unconfigured = { track: (_: TrackOptions) => Promise.resolve(true) };

export function logsnag(c: Context) {
  const token = getEnv(c, "LOGSNAG_TOKEN");
  return token ? new LogSnag({ token, project: getEnv(c, "LOGSNAG_PROJECT") }) : unconfigured;
}
