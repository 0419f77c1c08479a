// A worker: asks the package's own `lint`, with the rules of its client, about one event that was sent.
// @ts-ignore: the inspector's server has the package here.
import { trusted } from "/_inspector/pkg/shell/groups.js";
// @ts-ignore: as above.
import { lint } from "/_inspector/pkg/lint.js";

interface Sent {
  event?: unknown;
  distinct_id?: unknown;
  timestamp?: unknown;
  properties?: Record<string, unknown>;
}

/** What every client adds to what it was given. */
const OWN = /^\$(?:lib|lib_version|geoip_disable|is_server|process_person_profile|groups|set|set_once|ip)$/;

onmessage = ({ data: { id, sent } }: MessageEvent<{ id: number; sent: Sent }>) => {
  let found: unknown;
  try {
    found = lint(toInput(sent));
  } catch (error) {
    found = [{ code: "unreadable", message: String(error) }];
  }
  postMessage({ id, found });
};

/** The event as a caller of the package would have given it. */
function toInput({ event, distinct_id, timestamp, properties = {} }: Sent): unknown {
  const distinctId = distinct_id ?? properties.distinct_id;
  const reason = "it was sent";
  const pinned = typeof timestamp === "string" ? { timestamp } : {};
  if (event === "$groupidentify") {
    const { $group_type: type, $group_key: key, $group_set: set } = properties;
    return { kind: "group_identify", group: trusted(type, key, reason), properties: set ?? {}, ...pinned };
  }
  const groups = Object.entries(properties.$groups ?? {}).map(([type, key]) => trusted(type, key, reason));
  const own = Object.fromEntries(Object.entries(properties).filter(([name]) => !OWN.test(name)));
  const { $set: set, $set_once: setOnce, $process_person_profile: person } = properties;
  const personless = person === false;
  return { kind: "capture", event, distinctId, groups, properties: own, set, setOnce, personless, ...pinned };
}
