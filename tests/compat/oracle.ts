// What the replaced functions do, foretold from their record alone: environment, bodies, URLs, log lines.
// Nothing of the product is imported here or beside it.
import { type Call, type Expected, type Rejection } from "./world.ts";
import { capture } from "./oracle/capture.ts";
import { exception } from "./oracle/exception.ts";
import { groupIdentify } from "./oracle/group.ts";
import { snapshot } from "./oracle/replay.ts";
import { nothing } from "./oracle/send.ts";
import { tracking } from "./oracle/tracking.ts";

export function foretell(call: Call): Expected {
  switch (call.function) {
    case "trackPosthogEvent":
      return orRejects(() => capture(call, call.payload));
    case "groupIdentifyPosthog":
      return orRejects(() => groupIdentify(call));
    case "capturePosthogException":
      return orRejects(() => exception(call));
    case "capturePosthogReplaySnapshot":
      return orRejects(() => snapshot(call));
    case "sendEventToTracking":
      return tracking(call);
  }
}

/** What these functions throw, they reject with: a missing payload, a host that is no URL. */
function orRejects(run: () => Expected): Expected {
  try {
    return run();
  } catch (error) {
    const rejects: Rejection = { mustReject: false, messages: [String(error)], foretold: false };
    return nothing({ result: { rejects } });
  }
}
