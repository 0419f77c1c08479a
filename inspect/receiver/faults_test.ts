import assert from "node:assert/strict";
import { connect } from "node:net";
import { type Fault, type Project, type Receiver, startReceiver } from "./mod.ts";

const BODY = JSON.stringify({ api_key: "phc_key", event: "e", distinct_id: "u" });

Deno.test("hang: never answers, and sees the client leave", async () => {
  await using receiver = await startReceiver();
  const project = faulty(receiver, { mode: "hang" });
  await leave(project);
  const [{ status, aborted, body, fault }] = await settled(project);
  assert.deepEqual([status, aborted, body, fault], [null, true, BODY, "hang"]);
  assert.equal(project.events.length, 0);
});

Deno.test("hang with record: a server that stored but did not answer", async () => {
  await using receiver = await startReceiver();
  const project = faulty(receiver, { mode: "hang", record: true });
  const waited = project.wait({ events: 1, ms: 30_000 });
  await leave(project);
  assert.equal((await waited).events.length, 1);
  assert.equal((await settled(project))[0].status, null);
});

Deno.test("drip: headers at once, a body without end", async () => {
  await using receiver = await startReceiver();
  const project = faulty(receiver, { mode: "drip", status: 202, everyMs: 5 });
  const controller = new AbortController();
  const response = await send(project, controller.signal);
  assert.equal(response.status, 202);
  const reader = response.body!.getReader();
  for (let reads = 0; reads < 5; reads++) assert.equal((await reader.read()).done, false);
  controller.abort();
  await assert.rejects(async () => await readAll(reader));
  const [{ status, aborted }] = await settled(project);
  assert.deepEqual([status, aborted], [202, true]);
});

Deno.test("stall: a part of the body, then silence", async () => {
  await using receiver = await startReceiver();
  const project = faulty(receiver, { mode: "stall" });
  const controller = new AbortController();
  const response = await send(project, controller.signal);
  assert.equal(response.status, 200);
  const reader = response.body!.getReader();
  assert.equal(new TextDecoder().decode((await reader.read()).value), '{"sta');
  const rest = reader.read();
  assert.equal(await Promise.race([rest.then(() => "more"), pause(100).then(() => "silence")]), "silence");
  controller.abort();
  await assert.rejects(rest);
  assert.equal((await settled(project))[0].aborted, true);
});

Deno.test("reset: no answer but a TCP reset, which is not the client's doing", async () => {
  await using receiver = await startReceiver();
  const project = faulty(receiver, { mode: "reset" });
  // A raw socket, because fetch hides what became of the connection.
  const { hostname, port, pathname } = new URL(project.url);
  const code = await new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(
        `POST ${pathname}/e/ HTTP/1.1\r\nHost: x\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
      );
    });
    socket.once("error", (error: Error & { code?: string }) => resolve(error.code));
    socket.once("end", () => resolve("end"));
  });
  assert.equal(code, "ECONNRESET");
  const [{ status, aborted, body }] = await settled(project);
  assert.deepEqual([status, aborted, body], [null, false, BODY]);
  await assert.rejects(send(project), TypeError);
});

Deno.test("redirect: to itself, or elsewhere", async () => {
  await using receiver = await startReceiver();
  const project = faulty(receiver, { mode: "redirect" });
  await assert.rejects(send(project), TypeError);
  assert.ok(project.requests.length > 10, "a loop");
  assert.ok(project.requests.every(({ status, method }) => status === 307 && method === "POST"));

  const other = receiver.project("other");
  project.faults([{ mode: "redirect", status: 308, to: `${other.url}/batch/` }]);
  assert.equal(await statusOf(project), 200);
  assert.deepEqual([project.events.length, other.events.length], [0, 1]);
});

Deno.test("status: any status, headers and body", async () => {
  await using receiver = await startReceiver();
  const project = faulty(receiver, {
    mode: "status",
    status: 429,
    headers: { "Retry-After": "7" },
    body: "wait",
  });
  const response = await send(project);
  assert.deepEqual([response.status, response.headers.get("retry-after"), await response.text()], [
    429,
    "7",
    "wait",
  ]);
  assert.deepEqual([project.events.length, project.requests[0].status], [0, 429]);

  project.faults({ mode: "status", status: 504, record: true });
  assert.equal(await statusOf(project), 504);
  assert.equal(project.events.length, 1);
});

Deno.test("slow: the ordinary answer, late", async () => {
  await using receiver = await startReceiver();
  const project = faulty(receiver, { mode: "slow", delayMs: 150 });
  const start = performance.now();
  const response = send(project);
  while (project.requests.length === 0) await pause(5);
  assert.equal(project.events.length, 0);
  assert.equal((await (await response).json()).status, "Ok");
  assert.ok(performance.now() - start >= 140);
  assert.equal(project.events.length, 1);
});

Deno.test("slow: takes nothing from a client that left, unless it records", async () => {
  await using receiver = await startReceiver();
  for (const [record, events] of [[false, 0], [true, 1]] as const) {
    const project = faulty(receiver, { mode: "slow", delayMs: 60_000, record }, `record-${record}`);
    await leave(project);
    await settled(project);
    assert.equal(project.events.length, events);
  }
});

Deno.test("flap: down from the first request on, then up", async () => {
  await using receiver = await startReceiver();
  const project = faulty(receiver, { mode: "flap", downMs: 150 });
  assert.equal(await statusOf(project), 503);
  const deadline = Date.now() + 30_000;
  while (await statusOf(project) === 503 && Date.now() < deadline) await pause(20);
  assert.equal(project.requests.at(-1)!.status, 200);
  assert.ok(project.requests.at(-1)!.at - project.requests[0].at >= 150);
  assert.equal(project.events.length, 1);
});

Deno.test("a list is used up one fault per request, and the last stays", async () => {
  await using receiver = await startReceiver();
  const status = (code: number, times?: number): Fault => ({ mode: "status", status: code, times });
  const project = receiver.project("list");
  const statuses = async (count: number) => {
    const seen = [];
    for (let sent = 0; sent < count; sent++) seen.push(await statusOf(project));
    return seen;
  };

  project.faults([status(500), { mode: "none" }, status(502, 2), status(503)]);
  assert.deepEqual(await statuses(6), [500, 200, 502, 502, 503, 503]);
  project.faults([status(500, 2)]);
  assert.deepEqual(await statuses(3), [500, 500, 200]);
  project.faults(status(418));
  assert.deepEqual(await statuses(2), [418, 418]);
  project.faults([]);
  assert.deepEqual(await statuses(1), [200]);

  project.faults(status(500));
  const preflight = await fetch(`${project.url}/batch/`, { method: "OPTIONS" });
  await preflight.body?.cancel();
  assert.equal(preflight.status, 200, "a preflight meets no fault");
  project.reset();
  assert.deepEqual(await statuses(1), [200]);
  assert.equal(project.requests.length, 1);
});

Deno.test("a client that leaves in the middle of its upload is recorded, and nothing is taken", async () => {
  await using receiver = await startReceiver();
  const project = receiver.project("upload");
  const { hostname, port, pathname } = new URL(project.url);
  const socket = connect(Number(port), hostname);
  socket.write(`POST ${pathname}/e/ HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\n${BODY}`);
  while (project.requests.length === 0) await pause(5);
  socket.destroy();
  const [{ status, aborted, bytes }] = await settled(project);
  assert.deepEqual([status, aborted, bytes], [null, true, BODY.length]);
  assert.equal(project.events.length, 0);
});

Deno.test("close ends hanging connections and waits", async () => {
  const receiver = await startReceiver();
  const modes: Fault[] = [{ mode: "hang" }, { mode: "drip" }, { mode: "stall" }, {
    mode: "slow",
    delayMs: 60_000,
  }];
  const clients = Promise.allSettled(modes.map(async (fault) => {
    const project = faulty(receiver, fault, fault.mode);
    return await (await send(project)).text();
  }));
  for (const { mode } of modes) while (receiver.project(mode).openConnections === 0) await pause(5);
  const waited = receiver.project("hang").wait({ ms: 60_000 });
  await receiver.close();
  for (const client of await clients) assert.equal(client.status, "rejected");
  assert.equal((await waited).events.length, 0);
});

function faulty(receiver: Receiver, fault: Fault, name = "faulty"): Project {
  const project = receiver.project(name);
  project.faults([fault]);
  return project;
}

function send(project: Project, signal?: AbortSignal): Promise<Response> {
  return fetch(`${project.url}/batch/`, { method: "POST", body: BODY, signal });
}

async function statusOf(project: Project): Promise<number> {
  const response = await send(project);
  await response.body?.cancel();
  return response.status;
}

/** Sends a request and goes away once it has arrived, unanswered. */
async function leave(project: Project) {
  const controller = new AbortController();
  const sent = send(project, controller.signal);
  while (project.requests.at(-1)?.body !== BODY) await pause(5);
  controller.abort();
  await assert.rejects(sent, { name: "AbortError" });
}

/** The requests, once no connection is open any more. */
async function settled(project: Project) {
  while (project.openConnections > 0) await pause(5);
  return project.requests;
}

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>) {
  while (!(await reader.read()).done);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
