// `posthog-wasm/hono` in a real Hono, served by Deno and by workerd: overlapping requests, errors, streams.
import { deepStrictEqual, ok } from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { PostHog } from "posthog-wasm";
import { type Project, startReceiver } from "../../inspect/receiver/mod.ts";
import { installed } from "../../tools/test_package.ts";
import * as tools from "../../tools/tools.ts";
import * as versions from "../../tools/versions.ts";
import { application } from "./app.js";

type Send = (path: string, headers?: Record<string, string>) => Promise<Response>;

Deno.test("Hono on Deno", async (t) => {
  await using receiver = await startReceiver();
  const project = receiver.project("deno");
  const posthog = new PostHog("phc_test", { host: project.url, logger: () => {} });
  const app = application(posthog, new AsyncLocalStorage());
  // Hono's own answer to an error writes it there too.
  console.error = () => {};
  // What is no Error reaches the server, whose own answer is 500.
  const thrown: unknown[] = [];
  const onError = (error: unknown) => {
    thrown.push(error);
    return new Response("", { status: 500 });
  };
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {}, onError }, app.fetch);
  const send: Send = (path, headers) => fetch(`http://127.0.0.1:${server.addr.port}${path}`, { headers });
  await everyRequest(t, project, send);
  deepStrictEqual(thrown, ["text"]);
  await t.step("a function that nobody handed the request", () => deep(project, send));
  await server.shutdown();
});

for (const date of ["2025-01-01", "2026-04-01"]) {
  Deno.test(`Hono on workerd ${date}`, async (t) => {
    await using receiver = await startReceiver();
    const project = receiver.project(`workerd-${date}`);
    await using worker = await started(project, "worker.js", date);
    await everyRequest(t, project, worker.send);
  });
}

Deno.test("Hono on workerd with AsyncLocalStorage", async () => {
  await using receiver = await startReceiver();
  const project = receiver.project("workerd-als");
  await using worker = await started(project, "worker_als.js", "2026-04-01", "nodejs_als");
  await deep(project, worker.send);
});

Deno.test("Hono without a client answers all the same", async () => {
  const { warn } = console;
  console.warn = () => {};
  const none = () => {
    throw new Error("no settings");
  };
  const response = await application(none).request("/users/u1/slow");
  console.warn = warn;
  deepStrictEqual([response.status, await response.text()], [200, "ok"]);
});

async function everyRequest(t: Deno.TestContext, project: Project, send: Send): Promise<void> {
  await t.step("overlapping requests have nothing of each other", async () => {
    const users = Array.from({ length: 20 }, (_, at) => `u${at}`);
    await Promise.all(users.map(async (user) => {
      const headers = {
        "x-posthog-session-id": `s-${user}`,
        "x-posthog-distinct-id": "x",
        "x-request-id": `r-${user}`,
      };
      deepStrictEqual(await (await send(`/users/${user}/slow`, headers)).text(), "ok");
    }));
    const events = await arrived(project, 60);
    for (const { distinct_id: user, properties } of events) {
      deepStrictEqual([properties.$session_id, properties.$request_id, properties.$groups], [
        `s-${user}`,
        `r-${user}`,
        { organization: `org-${user}` },
      ]);
    }
    for (const user of users) {
      const own = events.filter(({ distinct_id }) => distinct_id === user).map(({ event }) => event);
      deepStrictEqual(own.sort(), ["Step 1", "Step 2", "Step 3"]);
    }
  });

  await t.step(
    "an error is reported with all that the request knows, and answered as without us",
    async () => {
      const headers = { "x-posthog-session-id": "s-1", "x-request-id": "r-1" };
      const response = await send("/users/u1/boom?token=secret", headers);
      deepStrictEqual([response.status, await response.text()], [500, "Internal Server Error"]);
      const [{ distinct_id, properties }] = await arrived(project, 1) as [Arrived];
      const { $session_id, $request_id, $request_method, $request_path, $response_status_code, $groups } =
        properties;
      deepStrictEqual(
        [
          distinct_id,
          $session_id,
          $request_id,
          $request_method,
          $request_path,
          $response_status_code,
          $groups,
        ],
        ["u1", "s-1", "r-1", "GET", "/users/u1/boom", 500, { organization: "org-u1" }],
      );
      deepStrictEqual(thrown(properties), ["TypeError", "boom", false]);
    },
  );

  await t.step("each fault once, and what is none never", async () => {
    const answers: [path: string, status: number, reported?: string][] = [
      ["/part/boom", 500, "once"],
      ["/own-id/boom", 500, "with its id"],
      ["/text", 500, "text"],
      ["/missing", 404],
      ["/broken", 503, "try later"],
      ["/mapped/invalid", 422],
      ["/mapped/fault", 500, "fault"],
      ["/nowhere", 404],
    ];
    for (const [path, status] of answers) {
      const response = await send(path);
      await response.body?.cancel();
      deepStrictEqual(response.status, status, path);
    }
    const expected = answers.flatMap(([, , reported]) => reported ?? []).sort();
    const events = await arrived(project, expected.length);
    // Whatever is reported once more has had the time by now.
    await (await send("/users/u9/slow")).body?.cancel();
    deepStrictEqual((await arrived(project, 3)).map(({ event }) => event).sort(), [
      "Step 1",
      "Step 2",
      "Step 3",
    ]);
    deepStrictEqual(events.map(({ properties }) => thrown(properties)[1]).sort(), expected);
    const [own] = events.filter(({ properties }) => properties.$request_path === "/own-id/boom");
    deepStrictEqual(own!.properties.$request_id, "hono-id");
  });

  await t.step("a streamed response is as it was", async () => {
    const response = await send("/stream");
    deepStrictEqual([response.status, response.headers.get("x-kept"), await response.text()], [
      203,
      "yes",
      "abc",
    ]);
  });
}

async function deep(project: Project, send: Send): Promise<void> {
  const users = ["a", "b", "c"];
  await Promise.all(users.map(async (user) => {
    const response = await send("/deep", { "x-posthog-distinct-id": user });
    deepStrictEqual(await response.text(), "ok");
  }));
  const events = await arrived(project, 3);
  deepStrictEqual(events.map(({ event, distinct_id }) => `${event} ${distinct_id}`).sort(), [
    "Deep a",
    "Deep b",
    "Deep c",
  ]);
}

type Arrived = Project["events"][number];

/** The next events, so many; they may come after the response. Later asks see later ones. */
async function arrived(project: Project, count: number): Promise<Arrived[]> {
  const { host, pathname } = new URL(project.url);
  const control = `http://${host}${pathname.replace("/p/", "/_control/")}/wait?events=${count}&ms=5000`;
  await (await fetch(control)).body?.cancel();
  const events = project.events.splice(0);
  deepStrictEqual(events.length, count, events.map(({ event }) => event).join());
  return events;
}

function thrown({ $exception_list }: Arrived["properties"]): unknown[] {
  const [{ type, value, mechanism }] = $exception_list as unknown as [
    { type: string; value: string; mechanism: { handled: boolean } },
  ];
  return [type, value, mechanism.handled];
}

/** A Worker on workerd, from the packed package. */
async function started(project: Project, entry: string, date: string, ...flags: string[]) {
  const home = await tools.workers();
  const app = await installed();
  await tools.capture("npm", ["install", "--no-audit", "--no-fund", `hono@${versions.hono}`], { cwd: app });
  await cp(join(tools.root, "tests", "request"), join(app, "request"), { recursive: true });
  const bindings = JSON.stringify({ POSTHOG_API_KEY: "phc_test", POSTHOG_API_HOST: project.url });
  const child = new Deno.Command("node", {
    args: ["request/workerd.js", home, `request/${entry}`, date, bindings, ...flags],
    cwd: app,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const { value = "" } = await child.stdout.pipeThrough(new TextDecoderStream()).getReader().read();
  ok(value.startsWith("http"), `workerd has not started: ${value}`);
  const send: Send = (path, headers) => fetch(new URL(path, value.trim()), { headers });
  return {
    send,
    async [Symbol.asyncDispose]() {
      await child.stdin.close();
      await child.status;
      await rm(app, { recursive: true });
    },
  };
}
