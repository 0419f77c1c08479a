// The inspector without a browser: what it keeps, whom it refuses, its command and its lines.
import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { PostHog, trusted } from "posthog-wasm";
import { startInspector } from "./start.ts";
import * as tools from "../../tools/tools.ts";
import * as versions from "../../tools/versions.ts";
import type { Detail, Profile, Summary } from "../../inspect/shared.ts";
import { event, group, KEY, raw, send } from "./send.ts";

const UUID = "0198c5d1-9b1e-7c3a-8f00-123456789abc";

const api = async <T>(url: string, action: string): Promise<T> =>
  await (await fetch(`${url}/_inspector/api/default/${action}`)).json();

/** What a page would be told at first. */
async function rows(url: string): Promise<Summary[]> {
  const response = await fetch(`${url}/_inspector/api/default/stream`);
  let text = "";
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes("event: quiet\n")) break;
  }
  return [...text.matchAll(/event: rows\ndata: (.*)\n/g)].flatMap(([, data]) => JSON.parse(data));
}

Deno.test("folds arrivals by uuid, and keeps every attempt", async () => {
  await using inspector = await startInspector();
  const { url } = inspector;
  inspector.project().faults([{ mode: "status", status: 503, times: 2 }, {
    mode: "status",
    status: 500,
    record: true,
    times: 1,
  }]);
  const sent = event("Org Created", "org_1", {}, { uuid: UUID, timestamp: "2026-01-02T03:04:05.000Z" });
  for (const status of [503, 503, 500, 200]) assert.equal(await send(url, sent), status);
  const [row, ...more] = await rows(url);
  assert.equal(more.length, 0);
  assert.deepEqual([row.state, row.attempts, row.copies], ["stored", 4, 2]);
  assert.equal(row.fact, Date.parse("2026-01-02T03:04:05Z"));
  const detail = await api<Detail>(url, `event?id=${row.id}`);
  assert.deepEqual(
    detail.tries.map(({ status, taken }) => [status, taken]),
    [[503, false], [503, false], [500, true], [200, true]],
  );
  assert.equal(JSON.parse(detail.kept!).properties.$group_0, "org_1");
});

Deno.test("shows what hangs while it hangs, and that nobody answered", async () => {
  await using inspector = await startInspector();
  inspector.project().faults({ mode: "hang" });
  const controller = new AbortController();
  const body = JSON.stringify({ api_key: KEY, batch: [event("Slow", "org_1")] });
  const hanging = fetch(`${inspector.url}/batch/`, { method: "POST", body, signal: controller.signal });
  const until = async (state: string) => {
    for (let row; (row = (await rows(inspector.url))[0])?.state !== state;) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.ok(row === undefined || row.state === "pending");
    }
  };
  await until("pending");
  controller.abort();
  await assert.rejects(hanging);
  await until("failed");
});

Deno.test("says what PostHog drops, changes and refuses", async () => {
  await using inspector = await startInspector();
  const { url } = inspector;
  await send(url, [
    { ...group("k".repeat(401), {}, "2026-01-01T00:00:00Z"), distinct_id: "u" },
    event("Personless", "org_1", { $process_person_profile: false }),
    group("org_1", { plan: "team" }, "2026-02-01T00:00:00Z"),
    group("org_1", { plan: "solo" }, "2026-01-01T00:00:00Z"),
    event("One", "org_1", {}, { uuid: UUID }),
    event("Another", "org_1", {}, { uuid: UUID }),
  ]);
  await fetch(`${url}/batch/`, { method: "POST", body: "{nope" }).then((response) => response.text());
  const found = await rows(url);
  assert.deepEqual(
    found.map(({ event, state, warnings }) => [event, state, ...warnings]),
    [
      ["$groupidentify", "dropped", "group_key_too_long"],
      ["Personless", "stored", "groups_without_person_processing"],
      ["$groupidentify", "stored"],
      ["$groupidentify", "stored", "profile_out_of_order"],
      ["One", "stored"],
      ["Another", "stored", "uuid_reused"],
      ["POST /batch/", "refused", "refused"],
    ],
  );
  const profile = await api<Profile>(url, "group?type=organization&key=org_1");
  assert.deepEqual(
    profile.properties[0].changes.map(({ value, row }) => [value, row]),
    [['"team"', found[2].id], ['"solo"', found[3].id]],
  );
});

Deno.test("an integration test asks what PostHog knows now", async () => {
  await using inspector = await startInspector();
  const posthog = new PostHog("phc_test", { host: inspector.url });
  const org = trusted("organization", "org_1", "a test");
  await posthog.groupIdentify({ group: org, properties: { name: "Acme", plan: "team" } });
  await posthog.identify({ distinctId: "user_1", properties: { seats: 3 } });
  await posthog.capture({ event: "Org Created", distinctId: "user_1", groups: [org] });
  const project = inspector.project();
  assert.deepEqual(project.group("organization", "org_1"), { name: "Acme", plan: "team" });
  assert.equal(project.person("user_1")?.properties.seats, 3);
  assert.deepEqual(project.warnings, []);
  const control = (path: string) =>
    fetch(`${inspector.url}/_control/default/${path}`).then((response) => response.json());
  assert.deepEqual(await control("group?type=organization&key=org_1"), { name: "Acme", plan: "team" });
  assert.equal((await control("events?event=Org%20Created&type=organization&key=org_1")).length, 1);
  assert.equal((await control("events?type=organization&key=org_2")).length, 0);
  assert.deepEqual((await control("person?id=user_1")).distinctIds, ["user_1"]);
  assert.equal(await control("group?type=organization&key=nobody"), null);
});

Deno.test("persons are merged as PostHog merges them", async () => {
  await using inspector = await startInspector();
  const person = (event: string, distinct_id: string, properties: object) => ({
    event,
    distinct_id,
    properties,
  });
  await send(inspector.url, [
    person("Visited", "anon", { $set: { browser: "Firefox" } }),
    person("$identify", "ann", { $anon_distinct_id: "anon", $set: { name: "Ann" }, $set_once: { first: 1 } }),
    person("$set", "ann", { $set_once: { first: 2 }, $unset: ["browser"] }),
    person("$create_alias", "ann", { alias: "ann@work" }),
    person("$exception", "ann", { $set: { name: "nobody" } }),
    person("Quiet", "system", { $process_person_profile: false, $set: { name: "nobody" } }),
  ]);
  const project = inspector.project();
  const found = project.person("ann@work")!;
  assert.deepEqual(found.distinctIds, ["ann", "anon", "ann@work"]);
  assert.deepEqual(found.properties, { name: "Ann", first: 1 });
  assert.equal(project.person("system"), undefined);
});

Deno.test("answers posthog-node", async () => {
  await using inspector = await startInspector();
  const { PostHog: Node } = await import(`npm:posthog-node@${versions.posthogNode}`);
  const client = new Node("phc_node", { host: inspector.url, flushAt: 1, flushInterval: 0 });
  client.groupIdentify({ groupType: "organization", groupKey: "org_9", properties: { name: "Node" } });
  client.capture({ distinctId: "user_1", event: "From node", groups: { organization: "org_9" } });
  await client.shutdown(5000);
  const names = (await rows(inspector.url)).map(({ event, state, lib }) => [event, state, lib.split(" ")[0]]);
  assert.deepEqual(names.sort(), [["$groupidentify", "stored", "posthog-node"], [
    "From node",
    "stored",
    "posthog-node",
  ]]);
  assert.deepEqual(inspector.project().group("organization", "org_9"), { name: "Node" });
});

Deno.test("is closed to pages from elsewhere, and open to clients", async () => {
  await using inspector = await startInspector();
  const { url } = inspector;
  const { host } = new URL(url);
  const reads = ["/", "/_inspector/page.js", "/_inspector/api/default/export", "/_control/default"];
  const foreign: Record<string, string>[] = [
    // DNS rebinding: the page's name points here now.
    { host: "evil.example" },
    { host: "evil.example:8010" },
    { host: "127.0.0.1.evil.example" },
    { host, origin: "http://evil.example" },
    { host, origin: "null" },
    { host, origin: url.replace(/\d+$/, "1") },
    { host, "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" },
    { host, "sec-fetch-site": "same-site", "sec-fetch-mode": "cors" },
  ];
  for (const headers of foreign) {
    for (const path of reads) {
      const { status, headers: answered } = await raw(url, path, headers);
      assert.equal(status, 403, `${path} ${JSON.stringify(headers)}`);
      assert.equal(answered["access-control-allow-origin"], undefined);
    }
    for (const action of ["faults", "reset"]) {
      assert.equal(
        (await raw(url, `/_control/default/${action}`, headers, "POST", '{"mode":"hang"}')).status,
        403,
      );
    }
    assert.equal((await raw(url, "/_inspector/api/default/import", headers, "POST", "")).status, 403);
  }
  assert.deepEqual(inspector.project().requests, []);
  // A button of a foreign page's form brings its origin along, so navigating is for reading only.
  const navigates = { host, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
  assert.equal((await raw(url, "/", navigates)).status, 200);
  assert.equal((await raw(url, "/_control/default/reset", navigates, "POST")).status, 403);
  for (const name of ["localhost", "127.0.0.1:99", "[::1]:8010", "host.docker.internal", "app.localhost"]) {
    assert.equal((await raw(url, "/", { host: name })).status, 200, name);
  }
  assert.equal((await raw(url, "/_control/default/faults", { host, origin: url }, "POST", "[]")).status, 200);
  const body = JSON.stringify({ api_key: KEY, batch: [event("From a browser", "org_1")] });
  const sent = await raw(
    url,
    "/batch/",
    { host: "evil.example", origin: "http://evil.example" },
    "POST",
    body,
  );
  assert.equal(sent.status, 200);
});

Deno.test("serves its own files and no others, with a strict policy", async () => {
  await using inspector = await startInspector();
  for (
    const path of ["/", "/_inspector/page.js", "/_inspector/pkg/lint.js", "/_inspector/pkg/shell/guard.js"]
  ) {
    const { status, headers } = await raw(inspector.url, path, {});
    assert.equal(status, 200, path);
    const policy = String(headers["content-security-policy"]).split("; ");
    for (
      const rule of ["default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "frame-ancestors 'none'"]
    ) {
      assert.ok(policy.includes(rule), rule);
    }
    assert.ok(!policy.join().includes("unsafe-inline"));
  }
  for (
    const path of [
      "pkg/package.json",
      "pkg/../../README.md",
      "../mod.js",
      "pkg/shell/../mod.js",
      "cli.js",
      "%2e%2e/mod.js",
    ]
  ) {
    assert.equal((await raw(inspector.url, `/_inspector/${path}`, {})).status, 404, path);
  }
});

Deno.test("what is exported comes back the same, keys masked", async () => {
  await using inspector = await startInspector();
  inspector.project().faults([{ mode: "status", status: 503, times: 1 }]);
  const sent = event("Org Created", "org_1", { token: KEY, big: 2 ** 53 + 2 }, { uuid: UUID });
  await send(inspector.url, sent);
  await send(inspector.url, [sent, group("org_1", { name: "Acme" }, "2026-01-01T00:00:00Z")]);
  await send(inspector.url, group("k".repeat(401), {}, "2026-01-01T00:00:00Z"));
  await send(inspector.url, []);
  const lines = inspector.export();
  assert.equal(lines.trim().split("\n").length, 4);
  assert.ok(!lines.includes(KEY) && lines.includes("phc_ab…op"));
  assert.equal(inspector.import(lines, "copy"), 4);
  assert.equal(inspector.export("copy"), lines);
  assert.deepEqual(inspector.project("copy").group("organization", "org_1"), { name: "Acme" });
  // Anybody's events, one a line.
  assert.equal(inspector.import('{"event":"Plain","distinct_id":"u","properties":{"a":1}}\n\n', "plain"), 1);
  for (const wrong of ["{", "[]", '"x"', "{}", '{"event":1}']) {
    assert.throws(() => inspector.import(`{"event":"Good"}\n${wrong}\n`, "wrong"), /line 2/);
  }
  assert.deepEqual(inspector.project("wrong").events, []);
});

Deno.test("keeps so many events, and survives what is too large", async () => {
  await using inspector = await startInspector({ keep: 100 });
  const { url } = inspector;
  for (let batch = 0; batch < 5; batch++) {
    await send(url, Array.from({ length: 50 }, (_, at) => event(`e${batch}-${at}`, "org_1")));
  }
  const kept = await rows(url);
  assert.deepEqual([kept.length, kept[0].event], [100, "e3-0"]);
  assert.ok(inspector.project().events.length <= 125);
  const properties = Object.fromEntries(Array.from({ length: 1_000_000 }, (_, at) => [`p${at}`, at]));
  const million = { api_key: KEY, batch: [{ event: "Million", distinct_id: "u", properties }] };
  const response = await fetch(`${url}/batch/`, {
    method: "POST",
    body: gzipSync(JSON.stringify(million)) as BodyInit,
  });
  assert.match(await response.text(), /size exceeded|length limit/);
  const bomb = gzipSync(new Uint8Array(100 * 1024 * 1024));
  const bombed = await fetch(`${url}/batch/`, { method: "POST", body: bomb as BodyInit });
  assert.equal(bombed.status, 400);
  await bombed.body?.cancel();
  const long = event("Long", "org_1", { text: "x".repeat(900_000) });
  assert.equal(await send(url, long), 200);
  const [last] = (await rows(url)).slice(-1);
  assert.ok(JSON.stringify(last).length < 5_000);
});

Deno.test("an impossible fault, and who leaves too early, end one request each", async () => {
  await using inspector = await startInspector();
  inspector.project().faults({ mode: "status", status: 99_999, times: 1 });
  await assert.rejects(send(inspector.url, event("Lost", "org_1")));
  const { hostname, port } = new URL(inspector.url);
  for (const path of ["/batch/", "/_control/default/faults", "/_inspector/api/default/import"]) {
    using socket = await Deno.connect({ hostname, port: Number(port) });
    const head = `POST ${path} HTTP/1.1\r\nHost: ${hostname}\r\nContent-Length: 1000\r\n\r\n[`;
    await socket.write(new TextEncoder().encode(head));
  }
  assert.equal(await send(inspector.url, event("Kept", "org_1")), 200);
});

Deno.test("options and faults that are none are refused", async () => {
  for (const port of ["x", "0", 1.5, -1, 65_536, NaN, null]) {
    await assert.rejects(startInspector({ port: port as number }), {
      name: "TypeError",
      message: /^port must be/,
    });
  }
  await assert.rejects(startInspector({ hostname: 7 as never }), {
    name: "TypeError",
    message: /^hostname must be/,
  });
  await using inspector = await startInspector();
  const project = inspector.project();
  for (const fault of [{ mode: "zzz" }, {}, null, undefined, "hang", [{ mode: "hang" }, { mode: "zzz" }]]) {
    assert.throws(() => project.faults(fault as never), { name: "TypeError", message: /^no such fault: / });
  }
  assert.equal(await send(inspector.url, event("Kept", "org_1")), 200);
});

const runtimes: [name: string, command: () => Promise<string[]>][] = [
  ["node 20", async () => [await tools.node("20.20.2")]],
  ["node 26", async () => [await tools.node("26.10.0")]],
  ["bun", async () => [await tools.bun()]],
  ["deno", async () => [Deno.execPath(), "run", "-A"]],
];

for (const [name, command] of runtimes) {
  Deno.test(`the command, on ${name}`, async () => {
    const [program, ...args] = await command();
    const file = join(await tools.temporary("record"), "events.jsonl");
    const cli = join(tools.root, "pkg", "inspect", "cli.js");
    const post = (properties: string) => `
      const body = JSON.stringify({ api_key: "${KEY}", batch: [{ event: "E", distinct_id: "u", properties: ${properties} }] });
      fetch(process.env.POSTHOG_API_HOST + "/batch/", { method: "POST", body }).then((response) => response.text());`;
    const run = async (properties: string, ...options: string[]) => {
      const { code, stdout, stderr } = await new Deno.Command(program, {
        args: [...args, cli, "inspect", "--port", "0", ...options, "--", "node", "-e", post(properties)],
      }).output();
      const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      return { code, out, err };
    };
    const good = await run("{}", "--json", "--exit-on-warning", "--record", file);
    assert.equal(good.code, 0, good.err);
    const lines = good.out.trim().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(lines.map(({ event, api_key, _inspector }) => [event, api_key, _inspector.state]), [
      ["E", "phc_ab…op", "stored"],
    ]);
    assert.equal(await readFile(file, "utf8"), good.out);
    const bad = await run('{ $process_person_profile: "false\\u001b[31m" }', "--exit-on-warning");
    assert.equal(bad.code, 1, bad.err);
    assert.match(bad.out, /\$process_person_profile is no boolean/);
    assert.match(bad.err, /POSTHOG_API_HOST=http:\/\/127\.0\.0\.1:\d+/);
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(bad.out, /\u001b/);
    await rm(file);
  });
}

Deno.test("the command answers flags from a file", async () => {
  const folder = await tools.temporary("flags");
  const file = join(folder, "flags.json");
  const answer = { flags: { beta: { key: "beta", enabled: true } }, errorsWhileComputingFlags: false };
  await writeFile(file, JSON.stringify({ answer, definitions: { flags: [{ key: "beta" }] } }));
  const ask = `
    const host = process.env.POSTHOG_API_HOST;
    const body = JSON.stringify({ token: "phc_x", distinct_id: "u", groups: {}, person_properties: {}, group_properties: {}, geoip_disable: true });
    const headers = { authorization: "Bearer phs_x" };
    const text = async (response) => (await response).text();
    await text(fetch(host + "/_control/default/reset", { method: "POST" }));
    process.stderr.write("FOUND" + await text(fetch(host + "/flags/?v=2", { method: "POST", body }))
      + await text(fetch(host + "/flags/definitions?token=phc_x&send_cohorts", { headers })));`;
  const cli = join(tools.root, "pkg", "inspect", "cli.js");
  const args = [cli, "inspect", "--port", "0", "--json", "--flags", file, "--"];
  const { stderr } = await new Deno.Command("node", {
    args: [...args, "node", "--input-type=module", "-e", ask],
  })
    .output();
  const found = new TextDecoder().decode(stderr).split("FOUND")[1];
  assert.equal(found, `${JSON.stringify(answer)}{"flags":[{"key":"beta"}]}`);
  await rm(folder, { recursive: true });
});

Deno.test("the command says what is wrong with it", async () => {
  await using inspector = await startInspector();
  const cli = join(tools.root, "pkg", "inspect", "cli.js");
  const run = async (...args: string[]) => {
    const { code, stderr } = await new Deno.Command("node", { args: [cli, ...args] }).output();
    return `${code} ${new TextDecoder().decode(stderr)}`;
  };
  assert.match(await run(), /^2 posthog-wasm inspect \[options\]/);
  assert.match(await run("inspect", "--nope"), /^2 .*'--nope'/);
  assert.match(await run("inspect", "--port", "x"), /^2 .*not a port: x/);
  assert.match(
    await run("inspect", "--port", new URL(inspector.url).port),
    /^2 .*EADDRINUSE.*--port takes another/,
  );
});
