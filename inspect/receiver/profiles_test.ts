import assert from "node:assert/strict";
import { type Project, type Receiver, startReceiver, type Warning } from "./mod.ts";

type Event = { event: string; [field: string]: unknown };

const UUID = "0198c5d1-9b1e-7c3a-8f00-123456789abc";

Deno.test("folds $groupidentify by key, last arrival wins", async () => {
  await using receiver = await startReceiver();
  const project = receiver.project("fold");
  await send(project, [
    identify("company", "a", { name: "A", plan: "pro", address: { city: "X", zip: 1 } }),
    identify("company", "b", { name: "B" }),
  ]);
  // An older timestamp does not protect what is there, and nested objects are replaced, not merged.
  await send(project, [{
    ...identify("company", "a", { plan: "free", address: { zip: 2 } }),
    timestamp: "2001-01-01T00:00:00Z",
  }]);
  await send(project, [identify("project", 7, undefined), identify("project", "8", null)]);
  assert.deepEqual(project.groups, {
    company: { a: { name: "A", plan: "free", address: { zip: 2 } }, b: { name: "B" } },
    project: { "7": {}, "8": {} },
  });
  assert.deepEqual(project.warnings, []);
});

Deno.test("folds nothing that PostHog would not", async () => {
  await using receiver = await startReceiver();
  const personless = (event: Event) => ({
    ...event,
    properties: { ...event.properties as object, $process_person_profile: false },
  });
  const cases: [name: string, event: Event, codes: string[]][] = [
    ["no key", identify("company", undefined, {}), ["group_incomplete"]],
    ["empty key", identify("company", "", {}), ["group_incomplete"]],
    ["no type", identify(undefined, "a", {}), ["group_incomplete"]],
    ["type of 401 characters", identify("t".repeat(401), "a", {}), ["group_incomplete"]],
    ["key of 401 characters", identify("company", "k".repeat(401), {}), ["group_key_too_long"]],
    ["set an array", identify("company", "a", []), ["invalid_group_set"]],
    ["set a string", identify("company", "a", ""), ["invalid_group_set"]],
    ["personless", personless(identify("company", "a", {})), [
      "invalid_event_when_process_person_profile_is_false",
    ]],
    ["personless $identify", personless({ event: "$identify" }), [
      "invalid_event_when_process_person_profile_is_false",
    ]],
    ["personless with groups", personless(capture({ company: "a" })), ["groups_without_person_processing"]],
  ];
  for (const [index, [name, event, codes]] of cases.entries()) {
    const project = receiver.project(`case-${index}`);
    await send(project, [{ ...event, uuid: UUID }]);
    assert.equal(project.events.length, 1, name);
    assert.deepEqual([project.groups, project.groupTypes], [{}, []], name);
    const expected = codes.map((code) => ({ code, event: event.event, uuid: UUID }));
    assert.deepEqual(project.warnings, expected as Warning[], name);
  }
  const edge = receiver.project("edge");
  await send(edge, [identify("company", "k".repeat(400), { a: 1 })]);
  assert.deepEqual(edge.groups, { company: { ["k".repeat(400)]: { a: 1 } } });
});

Deno.test("captures with groups register types but make no profile", async () => {
  await using receiver = await startReceiver();
  const project = await sent(receiver, [
    capture({ company: "a", project: "p" }),
    capture({ team: "" }),
    capture("x"),
  ]);
  assert.deepEqual(project.groups, {});
  assert.deepEqual(project.groupTypes, ["company", "project", "team"]);
  assert.deepEqual(codes(project), ["group_incomplete", "group_incomplete"]);
});

Deno.test("ignores a sixth group type", async () => {
  await using receiver = await startReceiver();
  const project = await sent(receiver, [
    capture({ t1: "a", t2: "a", t3: "a" }),
    identify("t4", "a", {}),
    identify("t5", "a", {}),
    identify("t6", "a", {}),
    capture({ t1: "b", t6: "b" }),
    identify("t1", "a", { known: true }),
  ]);
  assert.deepEqual(project.groupTypes, ["t1", "t2", "t3", "t4", "t5"]);
  assert.deepEqual(project.groups, { t1: { a: { known: true } }, t4: { a: {} }, t5: { a: {} } });
  assert.deepEqual(codes(project), ["group_type_limit_reached", "group_type_limit_reached"]);
  project.reset();
  assert.deepEqual([project.groupTypes, project.groups, project.warnings], [[], {}, []]);
});

Deno.test("warns of what is stored altered", async () => {
  await using receiver = await startReceiver();
  const tomorrow = new Date(Date.now() + 24 * 3_600_000).toISOString();
  const alias = (alias: unknown) => ({ event: "$create_alias", properties: { alias } });
  const cases: [event: Event, codes: string[]][] = [
    [{ event: "e", distinct_id: "x".repeat(201) }, ["distinct_id_truncated"]],
    [{ event: "e", timestamp: "yesterday" }, ["ignored_invalid_timestamp"]],
    [{ event: "e", timestamp: tomorrow }, ["event_timestamp_in_future"]],
    [{ event: "e", properties: { $process_person_profile: "false" } }, ["invalid_process_person_profile"]],
    [{ event: "e", properties: { $process_person_profile: true } }, []],
    [alias("Anonymous"), ["cannot_merge_with_illegal_distinct_id"]],
    [alias("'null'"), ["cannot_merge_with_illegal_distinct_id"]],
    [alias(" "), ["cannot_merge_with_illegal_distinct_id"]],
    [alias(5), ["cannot_merge_with_illegal_distinct_id"]],
    [alias("Null"), []],
    [{ event: "$identify", properties: { $anon_distinct_id: "guest" } }, [
      "cannot_merge_with_illegal_distinct_id",
    ]],
    [{ event: "$identify", distinct_id: "0", properties: {} }, []],
  ];
  for (const [index, [event, expected]] of cases.entries()) {
    const project = receiver.project(`case-${index}`);
    await send(project, [event]);
    assert.deepEqual(codes(project), expected, JSON.stringify(event).slice(0, 80));
  }
});

Deno.test("stores events under the time PostHog would", async () => {
  await using receiver = await startReceiver();
  const hour = 3_600_000;
  const now = Date.now();
  const iso = (ms: number) => new Date(ms).toISOString();
  const base = { event: "e", distinct_id: "u" };
  const cases: [name: string, event: object, sentAt: string | undefined, expected: number][] = [
    [
      "as it is",
      { timestamp: "2024-05-06T07:08:09.123Z" },
      undefined,
      Date.parse("2024-05-06T07:08:09.123Z"),
    ],
    [
      "with an offset",
      { timestamp: "2024-05-06T07:08:09+02:00" },
      undefined,
      Date.parse("2024-05-06T05:08:09Z"),
    ],
    [
      "without a zone is UTC",
      { timestamp: "2024-05-06T07:08:09" },
      undefined,
      Date.parse("2024-05-06T07:08:09Z"),
    ],
    ["a day", { timestamp: "2024-05-06" }, undefined, Date.parse("2024-05-06T00:00:00Z")],
    ["seconds", { timestamp: "1714979289" }, undefined, 1714979289000],
    ["no time", { timestamp: "yesterday" }, undefined, now],
    ["tomorrow", { timestamp: iso(now + 25 * hour) }, undefined, now],
    ["before the year 0", { timestamp: "-000005-01-01T00:00:00Z" }, undefined, 0],
    ["offset", { offset: 2 * hour }, undefined, now - 2 * hour],
    ["a clock two hours ahead", { timestamp: iso(now + hour) }, iso(now + 2 * hour), now - hour],
    [
      "the same, to be ignored",
      { timestamp: iso(now - hour), properties: { $ignore_sent_at: true } },
      iso(now + 2 * hour),
      now - hour,
    ],
  ];
  for (const [index, [name, event, sentAt, expected]] of cases.entries()) {
    const project = receiver.project(`case-${index}`);
    await send(project, [{ ...base, ...event }], { sent_at: sentAt });
    const stored = Date.parse(project.events[0].stored_timestamp);
    assert.ok(Math.abs(stored - expected) < 10 * 60_000, `${name}: ${project.events[0].stored_timestamp}`);
  }
});

Deno.test("counts as distinct what PostHog would", async () => {
  await using receiver = await startReceiver();
  const base = { event: "e", distinct_id: "u", uuid: UUID, timestamp: "2026-01-02T03:04:05.000Z" };
  const project = await sent(receiver, [
    base,
    { ...base, timestamp: "2026-01-02T23:00:00.000Z", properties: { last: true } },
    { ...base, uuid: UUID.toUpperCase() },
    { ...base, timestamp: "2026-01-03T00:00:00.000Z" },
    { ...base, event: "f" },
    { ...base, distinct_id: "v" },
    { ...base, uuid: undefined },
    { ...base, uuid: undefined },
  ]);
  assert.equal(project.events.length, 8);
  assert.equal(project.distinct().length, 6);
  assert.equal(project.snapshot().distinct, 6);
});

function identify(type: unknown, key: unknown, set: unknown): Event {
  return {
    event: "$groupidentify",
    properties: { $group_type: type, $group_key: key, $group_set: set },
  };
}

function capture(groups: unknown): Event {
  return { event: "e", properties: { $groups: groups } };
}

function codes(project: Project): string[] {
  return project.warnings.map(({ code }) => code);
}

async function sent(receiver: Receiver, events: Event[]): Promise<Project> {
  const project = receiver.project("sent");
  await send(project, events);
  return project;
}

async function send(project: Project, events: object[], fields: object = {}) {
  const batch = events.map((event) => ({ distinct_id: "u", ...event }));
  const body = JSON.stringify({ api_key: "phc_key", batch, ...fields });
  const response = await fetch(`${project.url}/batch/`, { method: "POST", body });
  assert.equal(await response.text(), '{"status":"Ok"}');
}
