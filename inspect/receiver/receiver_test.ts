/** Section 5 of the protocol page, row by row, as real HTTP. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { type AcceptedEvent, startReceiver } from "./mod.ts";
import { documents } from "./rows/documents.ts";
import { encodings } from "./rows/encodings.ts";
import { envelopes } from "./rows/envelopes.ts";
import { fields } from "./rows/fields.ts";
import { keys } from "./rows/keys.ts";
import { paths } from "./rows/paths.ts";
import { replays } from "./rows/replays.ts";
import { shapes } from "./rows/shapes.ts";
import { batch, EVENT, single } from "./rows/row.ts";

Deno.test("accepts and refuses as PostHog does", async (t) => {
  await using receiver = await startReceiver();
  const groups = { shapes, encodings, keys, fields, envelopes, documents, paths, replays };
  for (const [group, rows] of Object.entries(groups)) {
    for (const [index, row] of rows.entries()) {
      await t.step(`${group}: ${row.name}`, async () => {
        const project = receiver.project(`${group}-${index}`);
        const response = await fetch(`${project.url}/${row.path ?? "batch/"}`, {
          method: "POST",
          headers: row.headers,
          body: row.body as BodyInit,
        });
        const text = await response.text();
        const { status = 200, error, accepted = 0 } = row;
        assert.deepEqual([response.status, project.events.length], [status, accepted], text);
        if (error === undefined) assert.equal(text, status === 204 ? "" : '{"status":"Ok"}');
        else if (typeof error === "string") assert.equal(text, error);
        else assert.match(text, error);
        if (status !== 204) {
          const type = error === undefined ? "application/json" : "text/plain; charset=utf-8";
          assert.equal(response.headers.get("content-type"), type);
        }
        if (accepted > 0) row.also?.(project.events[0], project.events);
        assert.equal(project.requests[0].status, status);
      });
    }
  }
});

Deno.test("closes the connection after 413, chunked or not, and survives 22 MB", async () => {
  await using receiver = await startReceiver();
  const { hostname, port } = new URL(receiver.url);
  const head = "POST /e/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
  const answer = await new Promise<string>((resolve, reject) => {
    let text = "";
    const socket = connect(
      Number(port),
      hostname,
      () => socket.write(head + chunk.repeat(352) + "0\r\n\r\n"),
    );
    socket.on("data", (data) => text += data);
    socket.once("close", () => resolve(text));
    socket.once("error", reject);
  });
  assert.match(answer, /^HTTP\/1\.1 413 .*\r\nconnection: close\r\n.*length limit exceeded/is);
  const { events, requests: [{ status, aborted }] } = receiver.project("default");
  assert.deepEqual([events.length, status, aborted], [0, 413, false]);
});

Deno.test("records requests as they came", async () => {
  await using receiver = await startReceiver();
  const body = new Uint8Array(gzipSync(single()));
  const init = { method: "POST", body, headers: { "X-One": "1", "Content-Encoding": "gzip" } };
  const response = await fetch(`${receiver.url}/batch/?ver=1`, init);
  await response.body?.cancel();
  const [{ at, headers, ...request }] = receiver.project("default").requests;
  assert.deepEqual(request, {
    method: "POST",
    path: "/batch/",
    query: "?ver=1",
    body: single(),
    bytes: body.length,
    status: 200,
    aborted: false,
    fault: "none",
  });
  assert.equal(headers["x-one"], "1");
  assert.ok(Math.abs(Date.now() - at) < 60_000);
});

Deno.test("keeps projects apart", async () => {
  await using receiver = await startReceiver();
  const urls = [receiver.url, receiver.project("a").url, receiver.project("b").url];
  for (const url of urls) await post(url, single({ properties: { url } }));
  const seen = ["default", "a", "b"].map((name) =>
    receiver.project(name).events.map((e) => e.properties.url)
  );
  assert.deepEqual(seen, urls.map((url) => [url]));
  assert.throws(() => receiver.project("a/b"), TypeError);
});

Deno.test("answers preflights, and 404 to everything else", async () => {
  await using receiver = await startReceiver();
  const preflight = await fetch(`${receiver.url}/batch/`, {
    method: "OPTIONS",
    headers: { origin: "https://app.example", "access-control-request-headers": "x-one" },
  });
  await preflight.body?.cancel();
  assert.equal(preflight.status, 200);
  assert.equal(preflight.headers.get("access-control-allow-origin"), "https://app.example");
  assert.equal(preflight.headers.get("access-control-allow-headers"), "x-one");
  const others: [method: string, path: string][] = [
    ["GET", "/batch/"],
    ["PUT", "/e"],
    ["POST", "/"],
    ["POST", "/batch/x"],
    ["POST", "/i/v1/analytics"],
    ["POST", "//%"],
    ["POST", "/p//batch/"],
    ["OPTIONS", "/nowhere"],
  ];
  for (const [method, path] of others) {
    const response = await fetch(receiver.url + path, { method });
    await response.body?.cancel();
    assert.equal(response.status, 404, `${method} ${path}`);
  }
});

Deno.test("serves loopback only", async () => {
  await assert.rejects(startReceiver({ hostname: "0.0.0.0" }), TypeError);
});

Deno.test("is controlled over HTTP, from another process", async () => {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL("main.ts", import.meta.url).pathname, "--port", "0"],
    stdout: "piped",
  }).spawn();
  const lines = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { url } = JSON.parse((await lines.read()).value!);
  const control = async (path: string, init?: RequestInit) =>
    (await fetch(`${url}/_control/x${path}`, init)).json();

  const waited = control("/wait?events=2&ms=30000");
  await post(`${url}/p/x`, batch([EVENT, EVENT]).replace('"a":1', '"a":18446744073709551615'));
  const { events, ...rest } = await waited;
  assert.deepEqual(events.map((event: AcceptedEvent) => event.event), ["e", "e"]);
  assert.deepEqual(Object.keys(rest), [
    "groups",
    "groupTypes",
    "warnings",
    "requests",
    "distinct",
    "openConnections",
  ]);
  assert.match(await (await fetch(`${url}/_control/x`)).text(), /"a":18446744073709551615/);

  const faults = JSON.stringify([{ mode: "status", status: 503, headers: { "retry-after": "1" } }]);
  assert.deepEqual(await control("/faults", { method: "POST", body: faults }), { ok: true });
  assert.equal((await post(`${url}/p/x`, single())).status, 503);
  assert.match(
    (await control("/faults", { method: "POST", body: '[{"mode":"no"}]' })).error,
    /no such fault/,
  );
  assert.match((await control("/faults", { method: "POST", body: "[" })).error, /SyntaxError/);
  assert.deepEqual(await control("/reset", { method: "POST" }), { ok: true });
  assert.equal((await post(`${url}/p/x`, single())).status, 200);
  assert.equal((await control("/wait?events=9&ms=10")).events.length, 1);
  assert.match((await control("/nothing")).error, /no such control/);

  process.kill();
  await lines.cancel();
  await process.status;
});

async function post(host: string, body: string): Promise<Response> {
  const response = await fetch(`${host}/batch/`, { method: "POST", body });
  await response.body?.cancel();
  return response;
}

Deno.test("a LogSnag beside it takes announcements, and nothing that it does not know", async () => {
  await using receiver = await startReceiver();
  const project = receiver.project("logsnag");
  const log = { project: "p", channel: "c", event: "e", tags: { a: 1 } };
  for (
    const [body, status] of [
      [log, 200],
      [{ ...log, channel: "" }, 400],
      [{ ...log, groups: {} }, 400],
      [{ ...log, tags: { a: {} } }, 400],
    ] as const
  ) {
    const response = await fetch(`${project.url}/v1/log`, { method: "POST", body: JSON.stringify(body) });
    assert.equal(response.status, status);
    await response.body?.cancel();
  }
});
