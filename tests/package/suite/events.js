// Every kind of event, as it arrives at a PostHog.
import { client, same, truthy } from "./check.js";

const OURS = { $lib: "posthog-wasm", $is_server: true, $geoip_disable: true };
const AT = "2026-01-02T03:04:05.678Z";

/** The one event that arrived, without what differs from run to run. */
async function arrival(t) {
  const { events: [event] } = await t.project.arrived(1);
  const { $lib_version, ...properties } = event.properties;
  truthy(/^\d+\.\d+\.\d+$/.test($lib_version), "$lib_version");
  return {
    event: event.event,
    distinct_id: event.distinct_id,
    timestamp: event.timestamp,
    path: event.path,
    properties,
  };
}

export const tests = {
  async "a capture carries groups, person properties and the caller's own"(t) {
    const organization = t.posthog.trusted("organization", "org_1", "the trigger's row");
    const outcome = await client(t).capture({
      event: "App Created",
      distinctId: "user_1",
      groups: [organization, undefined, null],
      properties: { name: "é😀", nested: { a: [1, null, true] }, at: new Date(0), gone: undefined, nan: NaN },
      set: { plan: "solo" },
      setOnce: { first: true },
      timestamp: new Date(AT),
      uuid: "0190a0a0-0000-7000-8000-000000000001",
    });
    same([outcome.ok, outcome.status, outcome.attempts, outcome.events, outcome.warnings], [
      true,
      "accepted",
      1,
      [{ event: "App Created", uuid: "0190a0a0-0000-7000-8000-000000000001", status: "accepted" }],
      [],
    ]);
    same(await arrival(t), {
      event: "App Created",
      distinct_id: "user_1",
      timestamp: AT,
      path: "/batch/",
      properties: {
        ...OURS,
        name: "é😀",
        nested: { a: [1, null, true] },
        at: "1970-01-01T00:00:00.000Z",
        nan: null,
        $groups: { organization: "org_1" },
        $set: { plan: "solo" },
        $set_once: { first: true },
      },
    });
  },

  async "a personless capture says so"(t) {
    await client(t).capture({ event: "Ping", distinctId: "d", timestamp: AT, personless: true });
    same((await arrival(t)).properties, { ...OURS, $process_person_profile: false });
  },

  async "an address is sent only where the project asked for it"(t) {
    await client(t, { ip: "send" }).capture({ event: "Ping", distinctId: "d", timestamp: AT, ip: "1.2.3.4" });
    const { $geoip_disable: _, ...ours } = OURS;
    same((await arrival(t)).properties, { ...ours, $ip: "1.2.3.4" });
  },

  async "a group's profile is folded by PostHog"(t) {
    const group = t.posthog.trusted("organization", "org_1", "the trigger's row");
    const posthog = client(t);
    await posthog.groupIdentify({ group, properties: { name: "Acme", plan: "solo" }, timestamp: AT });
    same(await arrival(t), {
      event: "$groupidentify",
      distinct_id: "$organization_org_1",
      timestamp: AT,
      path: "/batch/",
      properties: {
        ...OURS,
        $group_type: "organization",
        $group_key: "org_1",
        $group_set: { name: "Acme", plan: "solo" },
      },
    });
    await posthog.groupIdentify({ group, properties: { plan: null } });
    same((await t.project.arrived(2)).groups, { organization: { org_1: { name: "Acme", plan: null } } });
  },

  async "identify and alias write persons"(t) {
    await client(t).identify({
      distinctId: "u",
      properties: { plan: "solo" },
      setOnce: { first: 1 },
      timestamp: AT,
    });
    same((await arrival(t)).properties, { ...OURS, $set: { plan: "solo" }, $set_once: { first: 1 } });
    await client(t).alias({ distinctId: "u", alias: "old" });
    const { events: [, alias] } = await t.project.arrived(2);
    same([alias.event, alias.distinct_id, alias.properties.distinct_id, alias.properties.alias], [
      "$create_alias",
      "u",
      "u",
      "old",
    ]);
  },

  async "an exception carries its frames, entry first, and its causes"(t) {
    function crashSite() {
      throw new TypeError("x is undefined", { cause: new Error("inner") });
    }
    function entry() {
      crashSite();
    }
    try {
      entry();
    } catch (error) {
      await client(t).captureException(error, {
        distinctId: "u",
        level: "fatal",
        properties: { $exception_list: "x", a: 1 },
      });
    }
    const { properties } = await arrival(t);
    same([properties.$exception_level, properties.a], ["fatal", 1]);
    const [outer, inner] = properties.$exception_list;
    same([outer.type, outer.value, outer.mechanism], [
      "TypeError",
      "x is undefined",
      { type: "generic", handled: true, synthetic: false, exception_id: 0 },
    ]);
    same([inner.type, inner.value, inner.mechanism], [
      "Error",
      "inner",
      { type: "chained", source: "cause", synthetic: false, exception_id: 1, parent_id: 0 },
    ]);
    const frames = outer.stacktrace.frames;
    truthy(frames.length >= 2 && frames.every((frame) => frame.platform === "node:javascript"), "frames");
    const last = frames.at(-1);
    truthy(last.lineno > 0 && last.colno > 0 && last.filename !== "", "the crash site's place");
    // A minifier renames functions, so names are looked at only where they are ours.
    if (!t.minified) same([last.function, frames.at(-2).function], ["crashSite", "entry"]);
  },

  async "whatever is thrown is reported"(t) {
    const circular = new Error("around");
    circular.cause = circular;
    class PaymentError extends Error {}
    const thrown = [
      ["a string", "Error", "a string"],
      [42, "Error", "42"],
      [undefined, "Error", "A value was thrown of type undefined"],
      [null, "Error", "A value was thrown of type object"],
      [{ code: 7, secret: "s" }, "Error", "An object was thrown with keys: code, secret"],
      [{ message: "like an error", name: "Odd" }, "Odd", "like an error"],
      [new DOMException("gone", "NotFoundError"), "NotFoundError", "gone"],
      [new AggregateError([new Error("a"), new Error("b")], "many"), "AggregateError", "many", 3],
      [circular, "Error", "around", 1],
      [
        {
          get message() {
            throw new Error("no");
          },
          stack: "Error\n    at f (a.js:1:2)",
        },
        "Error",
        "",
      ],
      [
        new Proxy({}, {
          get() {
            throw new Error("no");
          },
          ownKeys() {
            throw new Error("no");
          },
        }),
        "Error",
        "An object was thrown",
      ],
    ];
    if (!t.minified) thrown.push([new PaymentError("declined"), "PaymentError", "declined"]);
    const posthog = client(t);
    for (const [error] of thrown) same((await posthog.captureException(error)).status, "accepted");
    const { events } = await t.project.arrived(thrown.length);
    thrown.forEach(([, type, value, count = 1], index) => {
      const { $exception_list: list, $process_person_profile } = events[index].properties;
      same([list[0].type, list[0].value, list.length, $process_person_profile], [type, value, count, false]);
    });
  },

  async "what was thrown is cut before it enters the module"(t) {
    const huge = Object.assign(new Error("m".repeat(5e6)), { stack: "s".repeat(5e6), name: "n".repeat(5e6) });
    const many = new AggregateError(Array.from({ length: 80 }, () => new Error("m".repeat(1e5))), "many");
    const posthog = client(t);
    for (const error of [huge, many]) same((await posthog.captureException(error)).status, "accepted");
    const { events } = await t.project.arrived(2);
    const lists = events.map(({ properties }) => properties.$exception_list);
    same([lists[0][0].value.length, lists[0][0].type.length], [10_000, 300]);
    same(lists[1][0].value, "many");
    truthy(lists[1].length > 10 && JSON.stringify(lists[1]).length < 800_000, "the first of many");
  },

  async "what was thrown may have half of a character"(t) {
    const posthog = client(t);
    await posthog.captureException(new Error("half \ud83d"));
    await posthog.captureException({ ["\ud83d"]: 1, [`${"k".repeat(299)}\u{1f600}`]: 2 });
    const { events } = await t.project.arrived(2);
    const [error, object] = events.map(({ properties }) => properties.$exception_list[0].value);
    same(error, "half \ufffd");
    same(object, `An object was thrown with keys: \ufffd, ${"k".repeat(299)}\ufffd`);
  },

  async "an exception of an organization is linked to it"(t) {
    const groups = [t.posthog.trusted("organization", "org_1", "row")];
    await client(t).captureException(new Error("boom"), { groups });
    const event = await arrival(t);
    same([event.distinct_id, event.properties.$groups, event.properties.$process_person_profile], [
      "org_1",
      { organization: "org_1" },
      undefined,
    ]);
  },

  async "the chunk's id makes a minified stack readable"(t) {
    const error = new Error("boom");
    globalThis._posthogChunkIds = { [error.stack]: "0190a0a0-0000-7000-8000-00000000c0de" };
    await client(t).captureException(error, "u");
    delete globalThis._posthogChunkIds;
    const { properties } = await arrival(t);
    same(
      properties.$exception_list[0].stacktrace.frames.at(-1).chunk_id,
      "0190a0a0-0000-7000-8000-00000000c0de",
    );
  },

  async "one source is one uuid, however often it is delivered"(t) {
    const source = { system: "stripe", id: "evt_1", at: AT };
    const posthog = client(t);
    for (const distinctId of ["org_1", "org_1", "org_2"]) {
      await posthog.capture({ event: "User cancel", distinctId, source });
    }
    const { events, distinct } = await t.project.arrived(3);
    same([distinct, events[0].uuid === events[1].uuid, events[0].timestamp], [2, true, AT]);
  },

  async "several events are one request, and a bad one takes nothing from the others"(t) {
    const groups = [t.posthog.trusted("organization", "org_1", "row")];
    const outcome = await client(t).track([
      { kind: "capture", event: "A", groups, channel: "c", icon: "i" },
      { kind: "capture", event: "B", distinctId: "u", groups: [{ type: "organization", key: "victim" }] },
      { kind: "group_identify", group: groups[0], properties: { name: "n" } },
      { kind: "capture", event: "C", distinctId: "u", properties: { a: 10n } },
    ]);
    same(outcome.events.map(({ status, error }) => [status, error?.code, error?.field]), [
      ["accepted", undefined, undefined],
      ["invalid", "unverified_group", "groups[0]"],
      ["accepted", undefined, undefined],
      ["invalid", "bigint", "properties.a"],
    ]);
    same([outcome.status, outcome.ok, outcome.providers.posthog.status], ["invalid", false, "accepted"]);
    const { requests, events } = await t.project.arrived(2);
    same([requests.length, events.map(({ event, distinct_id }) => [event, distinct_id])], [
      1,
      [["A", "org_1"], ["$groupidentify", "$organization_org_1"]],
    ]);
  },

  async "two thousand events are split into requests that every PostHog takes"(t) {
    const events = Array.from({ length: 2000 }, (_, index) => ({
      kind: "capture",
      event: "Bulk",
      distinctId: `u${index}`,
      properties: { text: "x".repeat(1500) },
    }));
    const outcome = await client(t, { compress: "off" }).track(events);
    same([outcome.status, outcome.events.length], ["accepted", 2000]);
    const { requests } = await t.project.arrived(2000);
    truthy(requests.length === 2 && requests.every(({ bytes }) => bytes <= 2_097_152), "requests");
  },

  async "builders give plain fetch input, the same every time"(t) {
    const config = { apiKey: "phc_test", host: t.project.host, now: new Date(AT) };
    const input = { event: "Built", distinctId: "u", source: { system: "s", id: "1", at: AT } };
    const [one, two] = [t.posthog.buildCapture(config, input), t.posthog.buildCapture(config, input)];
    same(one, two);
    const { url, ...init } = one;
    await (await fetch(url, init)).text();
    same((await arrival(t)).event, "Built");
    try {
      t.posthog.buildBatch(config, [{ kind: "capture", event: "", distinctId: "u" }]);
      truthy(false, "built");
    } catch (error) {
      same([error.name, error.code, error.field, error instanceof t.posthog.AnalyticsError], [
        "AnalyticsError",
        "invalid_event",
        "events[0].event",
        true,
      ]);
    }
  },
};
