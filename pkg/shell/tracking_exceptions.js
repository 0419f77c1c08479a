// `capturePosthogException`.
import { requestId } from "./tracking_host.js";
import { exceptionPayload } from "./tracking_payloads.js";

const EXCEPTION = {
  kind: "exception",
  words: [
    "PostHog exception sent",
    "PostHog exception error",
    "PostHog exception fetch failed",
    "Invalid PostHog host",
  ],
};

export function exceptionSender(send, { kept, env, described }) {
  return async function capturePosthogException(c, payload) {
    let crossed;
    const facts = () => ({ event: "$exception", distinctId: crossed?.distinctId });
    return await send(c, EXCEPTION, facts, () => {
      const about = {
        environment: env(c, "ENV_NAME") || "unknown",
        requestId: requestId(c),
        method: c?.req?.method,
        urlPath: pathOf(c?.req?.url),
      };
      crossed = exceptionPayload(payload, described(payload.error), about, kept);
      return { payload: crossed };
    });
  };
}

function pathOf(url) {
  try {
    return new URL(url).pathname;
  } catch {
    return "/";
  }
}
