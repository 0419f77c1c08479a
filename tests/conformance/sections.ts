// The table, by section.
import type { Section } from "./row.ts";
import { rows as ai } from "./rows/ai.ts";
import { adapter } from "./rows/contract/adapter.ts";
import { captureV0 } from "./rows/contract/capture.ts";
import { captureAi } from "./rows/contract/capture_ai.ts";
import { captureV1 } from "./rows/contract/capture_v1.ts";
import { flags } from "./rows/contract/feature_flags.ts";
import { rows as formats } from "./rows/events.ts";
import { events, fallback, snapshots } from "./rows/flags_api.ts";
import { cohortsAndFlags, hash, operators, order } from "./rows/flags_local.ts";
import { definitions, remote } from "./rows/flags_wire.ts";
import { rows as replay } from "./rows/replay.ts";
import { rows as sdk } from "./rows/sdk.ts";
import { rows as tracing } from "./rows/tracing.ts";
import { rows as v0 } from "./rows/v0.ts";
import { rows as v1 } from "./rows/v1.ts";

export const sections: Section[] = [
  { name: "protocol 1.1, events", rows: v0 },
  { name: "protocol 1.2, events with verdicts", rows: v1 },
  { name: "protocol 1.3, AI events", rows: ai },
  { name: "protocol 1.4, replays", rows: replay },
  { name: "protocol 1.6, asking for flags", rows: remote },
  { name: "protocol 1.7, definitions of flags", rows: definitions },
  { name: "protocol 2, formats of events", rows: formats },
  { name: "protocol 4, what an SDK must do", rows: [...sdk, ...tracing] },
  { name: "flags 1, snapshots", rows: snapshots },
  { name: "flags 3, events", rows: events },
  { name: "flags 4.2, order", rows: order },
  { name: "flags 4.3, operators", rows: operators },
  { name: "flags 4.4, cohorts and dependencies", rows: cohortsAndFlags },
  { name: "flags 4.5, hash", rows: hash },
  { name: "flags 4.6, what is asked", rows: fallback },
  { name: "contract, capture", rows: captureV0 },
  { name: "contract, capture_v1", rows: captureV1 },
  { name: "contract, capture_ai", rows: captureAi },
  { name: "contract, feature_flags", rows: flags },
  { name: "contract, the adapter itself", rows: adapter },
];
