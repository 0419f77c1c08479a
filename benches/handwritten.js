// What a careful person writes by hand, with the guarantees of this package's plain path: groups that somebody vouches
// for, reserved names refused, one uuid and one timestamp, a deadline over everything, no rejection, an outcome.
const verified = new WeakSet();

export function trusted(type, key) {
  const group = Object.freeze({ type, key });
  verified.add(group);
  return group;
}

/** A version 7 uuid. */
function uuid(now) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let at = 0; at < 6; at++) bytes[at] = Math.floor(now / 2 ** (40 - 8 * at)) & 255;
  bytes[6] = bytes[6] & 15 | 112;
  bytes[8] = bytes[8] & 63 | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function mistake(input) {
  if (typeof input?.event !== "string" || input.event.trim() === "") {
    return { code: "invalid_event", field: "event" };
  }
  if (/^\$(groupidentify|identify|create_alias|merge_dangerously|snapshot)$/.test(input.event)) {
    return { code: "reserved_name", field: "event" };
  }
  if (typeof input.distinctId !== "string" || input.distinctId.trim() === "") {
    return { code: "missing_distinct_id", field: "distinctId" };
  }
  for (const [at, group] of (input.groups ?? []).entries()) {
    if (group && !verified.has(group)) return { code: "unverified_group", field: `groups[${at}]` };
    if (group && group.type !== "organization") return { code: "unknown_group_type", field: `groups[${at}]` };
  }
  for (const name of Object.keys(input.properties ?? {})) {
    if (name === "$groups" || name.startsWith("$group_")) {
      return { code: "reserved_name", field: `properties.${name}` };
    }
  }
}

export function buildEvent(input) {
  const now = Date.now();
  const { $lib: _, $lib_version: __, $ip: ___, ...properties } = input.properties ?? {};
  const groups = (input.groups ?? []).filter(Boolean);
  const sent = {
    $lib: "by-hand",
    $lib_version: "1.0.0",
    $is_server: true,
    $geoip_disable: true,
    ...properties,
  };
  if (groups.length > 0) sent.$groups = Object.fromEntries(groups.map(({ type, key }) => [type, key]));
  return {
    event: input.event,
    distinct_id: input.distinctId,
    properties: sent,
    timestamp: (input.timestamp ?? new Date(now)).toISOString(),
    uuid: input.uuid ?? uuid(now),
  };
}

export class ByHand {
  constructor(apiKey, { host, fetch, budgetMs = 5000 }) {
    Object.assign(this, { apiKey, host, fetch, budgetMs });
  }

  async track(inputs) {
    const started = Date.now();
    const outcome = (status, more, events = []) => ({
      ok: status === "accepted",
      status,
      elapsedMs: Date.now() - started,
      events,
      warnings: [],
      ...more,
    });
    const controller = new AbortController();
    let timer;
    try {
      const checked = inputs.map((input) => [input, mistake(input)]);
      const batch = checked.filter(([, error]) => !error).map(([input]) => buildEvent(input));
      // Half a UTF-16 pair makes PostHog refuse the whole batch.
      const body = JSON.stringify({ api_key: this.apiKey, batch }).replace(
        /\\ud[89a-f][0-9a-f]{2}/g,
        "\\ufffd",
      );
      const late = new Promise((resolve) => {
        timer = setTimeout(() => (controller.abort(), resolve("late")), this.budgetMs);
      });
      const sent = this.fetch(`${this.host}/batch/`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "User-Agent": "by-hand/1.0.0" },
        body,
        redirect: "manual",
        signal: controller.signal,
      }).then(async (response) => ({ status: response.status, text: await response.text() }));
      const answer = await Promise.race([sent, late]);
      if (answer === "late") return outcome("timed_out", {});
      const status = answer.status < 300 ? "accepted" : "rejected";
      let at = 0;
      const events = checked.map(([, error]) =>
        error ? { uuid: "", status: "invalid", error } : { uuid: batch[at++].uuid, status }
      );
      return outcome(status, { httpStatus: answer.status }, events);
    } catch (error) {
      return outcome("unreachable", { message: String(error?.message) });
    } finally {
      clearTimeout(timer);
    }
  }

  capture(input) {
    return this.track([input]);
  }
}
