// `sendEventToTracking`: both providers at once, then the members.
import { anything, type Call, type Expected, type Rejection, serializeError } from "../world.ts";
import { capture } from "./capture.ts";
import { failed, gave, logsnag, type Provider } from "./logsnag.ts";
import { line, nothing } from "./send.ts";

export function tracking(call: Call): Expected {
  // deno-lint-ignore no-explicit-any
  const payload = call.payload as any;
  if (payload === undefined || payload === null) {
    return nothing({ result: { rejects: { mustReject: false, messages: [], foretold: false } } });
  }
  const providers = [logsnag(call, payload), posthog(call, payload)];
  const failures = call.options?.strict ? providers.flatMap(({ failure }) => failure ?? []) : [];
  const happened = join(providers.map(({ happened }) => happened));
  const waits = call.options?.background === false;
  if (failures.length > 0 && (waits || call.world.background === "promise")) {
    const messages = failures.map(({ message }) => message);
    const rejects: Rejection = { mustReject: waits, messages, foretold: true };
    if (waits) return { ...happened, result: { rejects } };
    return { ...happened, background: ["called", "settled"], tasks: ["rejects"], result: { rejects } };
  }
  const all = join([happened, members(call, payload)]);
  if (waits) return all;
  const tasks: Expected["tasks"] = [failures.length > 0 ? "rejects" : "resolves", "resolves"];
  return { ...all, background: ["called", "done", "called", "done", "settled"], tasks };
}

// deno-lint-ignore no-explicit-any
function posthog(call: Call, payload: any): Provider {
  const { event, channel, description, user_id, groups, tags, nonPersonTags } = payload;
  const passed = { event, channel, description, user_id, groups, tags, nonPersonTags, ip: ip(call) };
  try {
    const happened = capture(call, passed);
    return gave(call, "posthog", happened, "returned" in happened.result && happened.result.returned);
  } catch (error) {
    const { name, message } = serializeError(error);
    return failed(call, "posthog", {}, { name, message, stack: anything });
  }
}

function ip({ options, context: { headers = {} } }: Call): string | undefined {
  return options?.ip ?? headers["cf-connecting-ip"] ?? headers["x-forwarded-for"]?.split(",")[0].trim();
}

/** Members are told of it whatever the providers did; their trouble is only logged. */
// deno-lint-ignore no-explicit-any
function members(call: Call, { event, user_id, groups, bento, sentToBento }: any): Expected {
  if (!sentToBento) return nothing({});
  const missing = (what: string) => {
    const message = `sendEventToTracking missing ${what}`;
    return nothing({ logs: [line(call, "error", message, { event, user_id })] });
  };
  if (!bento) return missing("Bento payload");
  const organizationId = groups?.organization ?? user_id;
  if (!organizationId) return missing("org id for Bento notification");
  const notified = [{ notification: bento, organizationId }];
  const { notify } = call.world;
  if (!("throws" in notify)) return nothing({ notified });
  return failed(call, "bento", { notified }, serializeError(notify.throws)).happened;
}

function join(parts: Expected[]): Expected {
  return nothing({
    requests: parts.flatMap(({ requests }) => requests),
    tracked: parts.flatMap(({ tracked }) => tracked),
    logs: parts.flatMap(({ logs }) => logs),
    notified: parts.flatMap(({ notified }) => notified),
  });
}
