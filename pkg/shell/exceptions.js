// What `posthog-wasm/exceptions` has: one of the stand-ins, for who needs no other.
import { exceptions } from "./modules.js";
import { exceptionSender } from "./tracking_exceptions.js";
import { toolsOf, withRoom } from "./tracking_host.js";
import { senderOf } from "./tracking_send.js";

export function createExceptionTracking(given) {
  const tools = toolsOf(given ?? {});
  const { send } = senderOf(exceptions, tools);
  return { capturePosthogException: withRoom(exceptionSender(send, tools), false) };
}
