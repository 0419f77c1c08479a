// protocol §2: what events look like.
import { deepStrictEqual as same, match, ok, strictEqual } from "node:assert/strict";
import { PostHog, trusted } from "posthog-wasm/full";
import { row } from "../row.ts";
import { EVENT, type Json, KEY, status, tracked, UUID_V7, type World } from "../world.ts";

const COMPANY = trusted("company", "id:5", "a row");
const UNMERGEABLE = [
  "anonymous",
  "Guest",
  "distinctid",
  "distinct_id",
  "id",
  "not_authenticated",
  "email",
  "undefined",
  "TRUE",
  "false",
  "[object Object]",
  "NaN",
  "None",
  "none",
  "null",
  "0",
  " ",
];

const exception = async (t: World, error: unknown, context: Json = { distinctId: "u" }, options = {}) => {
  await t.client(options).captureException(error, context);
  return t.event;
};
const list = (event: Json): Json[] => event.properties.$exception_list;

export const rows = [
  row("uuid-v7", "protocol §2", "A uuid that nobody gave is of version 7.", async (t) => {
    await t.client().capture(EVENT);
    match(t.event.uuid, UUID_V7);
  }),
  row("own-properties", "protocol §2", "Events have $lib, $lib_version and $is_server.", async (t) => {
    await t.client().capture(EVENT);
    const { $lib, $lib_version, $is_server } = t.event.properties;
    same([$lib, $is_server], ["posthog-wasm", true]);
    match($lib_version, /^\d+\.\d+\.\d+$/);
  }),
  row(
    "geoip",
    "protocol §2",
    "$geoip_disable is true, so that nobody is located at the server.",
    async (t) => {
      await t.client().capture(EVENT);
      strictEqual(t.event.properties.$geoip_disable, true);
    },
  ),
  row(
    "ip",
    "protocol §2.8",
    "A person's address is sent as $ip where that is asked for, and located then.",
    async (t) => {
      await t.client({ ip: "send" }).capture({ ...EVENT, ip: "203.0.113.7" });
      const { $ip, $geoip_disable } = t.event.properties;
      same([$ip, $geoip_disable ?? false], ["203.0.113.7", false]);
    },
  ),
  row("groups", "protocol §2.1", "$groups is an object of types and keys.", async (t) => {
    await t.client().capture({ ...EVENT, groups: [COMPANY, trusted("organization", "p1")] });
    same(t.event.properties.$groups, { company: "id:5", organization: "p1" });
  }),
  row(
    "group-types",
    "protocol §2.1",
    "A sixth group type, which PostHog ignores for ever, is refused.",
    async (t) => {
      const groupTypes = ["a", "b", "c", "d", "e", "f"];
      same([(await t.client({ groupTypes }).capture(EVENT)).status, t.requests().length], ["invalid", 0]);
    },
  ),
  row(
    "unknown-type",
    "protocol §2.1",
    "A group type that the project has not, which would be made, is refused.",
    async (t) => {
      const { error } = await t.client().capture({ ...EVENT, groups: [trusted("compnay", "1")] });
      same([error?.code, t.requests().length], ["unknown_group_type", 0]);
    },
  ),
  row(
    "personless-groups",
    "protocol §2.1",
    "An event with groups, which PostHog would not link without a person, has one.",
    async (t) => {
      const { warnings } = await t.client().capture({ ...EVENT, personless: true, groups: [COMPANY] });
      ok(!("$process_person_profile" in t.event.properties));
      same(warnings.map(({ code }) => code), ["personless_with_groups"]);
    },
  ),
  row(
    "group-identify",
    "protocol §2.2",
    "$groupidentify has the type, the key and what to set.",
    async (t) => {
      await t.client().groupIdentify({ group: COMPANY, properties: { name: "Acme" } });
      const { event, distinct_id, properties: { $group_type, $group_key, $group_set } } = t.event;
      same([event, distinct_id, $group_type, $group_key, $group_set], [
        "$groupidentify",
        "$company_id:5",
        "company",
        "id:5",
        { name: "Acme" },
      ]);
    },
  ),
  row(
    "group-identify-user",
    "protocol §2.2",
    "Its distinct id is the caller's where one is given.",
    async (t) => {
      await t.client().groupIdentify({ group: COMPANY, properties: {}, distinctId: "user-1" });
      same([t.event.distinct_id, t.event.properties.$group_set], ["user-1", {}]);
    },
  ),
  ...([["type", "", "1"], ["key", "company", ""], ["long-key", "company", "x".repeat(401)]] as const).map((
    [name, type, key],
  ) =>
    row(
      `group-identify-${name}`,
      "protocol §2.2",
      `One that PostHog would drop (${name}) is not sent.`,
      async (t) => {
        const { error } = await t.client().groupIdentify({ group: trusted(type, key), properties: {} });
        same([error?.code, t.requests().length], ["invalid_group", 0]);
      },
    )
  ),
  row(
    "identify",
    "protocol §2.3",
    "$identify has $set and $set_once, and no $anon_distinct_id.",
    async (t) => {
      await t.client().identify({
        distinctId: "user-1",
        properties: { plan: "solo" },
        setOnce: { joined: 1 },
      });
      const { event, distinct_id, properties } = t.event;
      same([event, distinct_id, properties.$set, properties.$set_once], [
        "$identify",
        "user-1",
        { plan: "solo" },
        { joined: 1 },
      ]);
      ok(!("$anon_distinct_id" in properties));
    },
  ),
  row("set", "protocol §2.3", "A $set event sets, sets once and unsets.", async (t) => {
    const properties = { $unset: ["seats"] };
    await t.client().capture({
      event: "$set",
      distinctId: "u",
      set: { a: 1 },
      setOnce: { b: 2 },
      properties,
    });
    const { $set, $set_once, $unset } = t.event.properties;
    same([$set, $set_once, $unset], [{ a: 1 }, { b: 2 }, ["seats"]]);
  }),
  row("set-anywhere", "protocol §2.3", "Any event may set properties of its person.", async (t) => {
    await t.client().capture({ ...EVENT, set: { plan: "solo" } });
    same(t.project.person("user-1")?.properties.plan, "solo");
  }),
  row("personless", "protocol §2.3", "An event without a person says so with boolean false.", async (t) => {
    await t.client().capture({ ...EVENT, personless: true });
    strictEqual(t.event.properties.$process_person_profile, false);
  }),
  row(
    "alias",
    "protocol §2.4",
    "$create_alias names the id that is kept and the one that is merged into it.",
    async (t) => {
      await t.client().alias({ distinctId: "user-1", alias: "anon-1" });
      const { event, distinct_id, properties } = t.event;
      same([event, distinct_id, properties.distinct_id, properties.alias], [
        "$create_alias",
        "user-1",
        "user-1",
        "anon-1",
      ]);
    },
  ),
  ...UNMERGEABLE.map((alias) =>
    row(
      `alias-${alias}`,
      "protocol §2.4",
      `An id that PostHog does not merge (${alias}) is refused.`,
      async (t) => {
        same([(await t.client().alias({ distinctId: "u", alias })).status, t.requests().length], [
          "invalid",
          0,
        ]);
      },
    )
  ),
  row(
    "exception",
    "protocol §2.5",
    "$exception has a list whose first entry is what was thrown.",
    async (t) => {
      const event = await exception(t, new TypeError("x is undefined"));
      const [{ type, value, mechanism, stacktrace }] = list(event) as [Json];
      same([event.event, type, value, stacktrace.type], ["$exception", "TypeError", "x is undefined", "raw"]);
      const { handled, exception_id } = mechanism;
      same([handled, exception_id], [true, 0]);
    },
  ),
  row(
    "exception-causes",
    "protocol §2.5",
    "Causes follow, each with its own id and its parent's.",
    async (t) => {
      const found = list(await exception(t, new Error("outer", { cause: new RangeError("inner") })));
      same(found.map(({ value }) => value), ["outer", "inner"]);
      const { type, exception_id, parent_id, source, handled } = found[1]!.mechanism;
      same([type, exception_id, parent_id, source, handled], ["chained", 1, 0, "cause", undefined]);
    },
  ),
  row(
    "exception-cycle",
    "protocol §4 exception-event-metadata",
    "A cause that is its own ends.",
    async (t) => {
      const error = new Error("round");
      error.cause = error;
      strictEqual(list(await exception(t, error)).length, 1);
    },
  ),
  row("exception-fifty", "protocol §2.5", "The list has 50 entries at most.", async (t) => {
    let error = new Error("0");
    for (let at = 1; at < 80; at++) error = new Error(`${at}`, { cause: error });
    strictEqual(list(await exception(t, error)).length, 50);
  }),
  row("exception-value", "protocol §2.5", "A message is cut at 10,000 characters.", async (t) => {
    strictEqual(list(await exception(t, new Error("word ".repeat(4_000))))[0]!.value.length, 10_000);
  }),
  row(
    "exception-frames",
    "protocol §2.5",
    "Frames are node:javascript with file and function, the crash last.",
    async (t) => {
      function thrower() {
        return new Error("here");
      }
      const { frames } = list(await exception(t, thrower()))[0]!.stacktrace;
      const last = frames.at(-1);
      same([last.platform, last.function], ["node:javascript", "thrower"]);
      for (const { filename, function: name } of frames) {
        same([typeof filename, typeof name], [
          "string",
          "string",
        ]);
      }
    },
  ),
  row(
    "exception-no-error",
    "protocol §4 capture-exception",
    "What is no error is made one, and said to be synthetic.",
    async (t) => {
      const [{ value, mechanism }] = list(await exception(t, "just text")) as [Json];
      same([value, mechanism.synthetic], ["just text", true]);
    },
  ),
  row(
    "exception-level",
    "protocol §2.5",
    "The level is one of PostHog's, and error where none is given.",
    async (t) => {
      strictEqual((await exception(t, new Error("x"))).properties.$exception_level, "error");
      await t.client().captureException(new Error("x"), { distinctId: "u", level: "warning" });
      strictEqual(t.project.events[1]!.properties.$exception_level, "warning");
    },
  ),
  row(
    "exception-fingerprint",
    "protocol §2.5",
    "A fingerprint is the caller's, and only there if given.",
    async (t) => {
      const context = { distinctId: "u", properties: { $exception_fingerprint: "mine" } };
      strictEqual((await exception(t, new Error("x"), context)).properties.$exception_fingerprint, "mine");
    },
  ),
  row(
    "exception-protected",
    "protocol §2.5",
    "The caller's properties do not replace the list, its level or what the processor owns.",
    async (t) => {
      const names = [
        "$exception_list",
        "$exception_level",
        "$exception_source",
        "$exception_types",
        "$exception_issue_id",
      ];
      const properties = Object.fromEntries(names.map((name) => [name, "mine"]));
      const event = await exception(t, new Error("x"), { distinctId: "u", properties });
      for (const name of names) ok(event.properties[name] !== "mine", name);
    },
  ),
  row(
    "exception-no-set",
    "protocol §2.3",
    "An exception carries nothing for its person, which PostHog would ignore.",
    async (t) => {
      const { properties } = await exception(t, new Error("x"));
      ok(!("$set" in properties) && !("$set_once" in properties));
    },
  ),
  row(
    "exception-unknown",
    "protocol §2.5",
    "An exception of nobody has an id of its own and no person.",
    async (t) => {
      const { distinct_id, properties } = await exception(t, new Error("x"), {});
      match(distinct_id, UUID_V7);
      strictEqual(properties.$process_person_profile, false);
    },
  ),
  row(
    "reserved",
    "protocol §2.8",
    "What PostHog sets is not sent: $groups by name, $group_0, $lib of another.",
    async (t) => {
      for (const name of ["$groups", "$group_0"]) {
        same(
          (await t.client().capture({ ...EVENT, properties: { [name]: "x" } })).error?.code,
          "reserved_name",
        );
      }
      await t.client().capture({ ...EVENT, properties: { $lib: "posthog-node" } });
      strictEqual(t.event.properties.$lib, "posthog-wasm");
    },
  ),
  row(
    "quota-v0",
    "protocol §0.2",
    "A 200 of /batch/ promises nothing; the outcome says what PostHog said.",
    async (t) => {
      t.answers(status(200));
      same((await t.client().track([tracked()])).httpStatus, 200);
    },
  ),
  row("key-in-log", "protocol §2", "Nothing that is logged has the key in it.", async (t) => {
    t.answers(status(400, { body: `bad ${KEY}` }));
    const posthog = new PostHog(KEY, {
      host: t.project.url,
      logger: (outcome) => void t.outcomes.push(outcome),
    });
    await posthog.capture(EVENT);
    ok(t.outcomes.length === 1 && !JSON.stringify(t.outcomes).includes(KEY));
  }),
];
