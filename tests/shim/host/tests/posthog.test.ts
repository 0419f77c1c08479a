// utils/posthog.ts beside mocked modules that have what it uses and nothing else: vitest throws on access to more.
import type { Context } from "hono";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { mockFetch, NOW, post, refused, sent } from "./requests.ts";
import {
  capturePosthogException,
  capturePosthogReplaySnapshot,
  groupIdentifyPosthog,
  trackPosthogEvent,
} from "../utils/posthog.ts";

const { cloudlog, cloudlogErr, env, serializeError } = vi.hoisted(() => ({
  cloudlog: vi.fn(),
  cloudlogErr: vi.fn(),
  env: {} as Record<string, string>,
  serializeError: vi.fn((error) => ({ name: error.name, message: error.message, stack: error.stack })),
}));
vi.mock("../utils/logging.ts", () => ({ cloudlog, cloudlogErr, serializeError }));
vi.mock("../utils/utils.ts", () => ({ getEnv: (_: unknown, key: string) => env[key] ?? "" }));

/** A context as tests make one: no `req.header`, no `env`. */
const c = {
  get: (key: string) => key === "requestId" ? "req-1" : undefined,
  req: { url: "https://fn.example/triggers/on_app?secret=1", method: "POST" },
} as unknown as Context;

const EU = "https://eu.i.posthog.com";
const event = { event: "App Created", channel: "app-created", user_id: "org-1" };
const organization = { groupType: "organization", groupKey: "org-1", properties: { name: "Acme" } };
const snapshot = {
  currentUrl: "https://console.example/apps",
  distinctId: "user-1",
  events: [{ type: 4, data: { text: "é" } }],
  lib: "web",
  libVersion: "1.2.3",
  sessionId: "session-1",
  timestamp: "2026-07-24T09:00:00.000Z",
  userEmail: "ada@example.com",
  userId: "user-1",
  windowId: "window-1",
};

/** An error whose stack is this. */
function thrown(stack: string, message = "boom", name = "TypeError") {
  return Object.assign(new Error(message), { name, stack });
}

const exception = (error: unknown, more = {}) => ({
  error,
  functionName: "on_app",
  kind: "unhandled_error" as const,
  ...more,
});

beforeEach(() => {
  for (const key of Object.keys(env)) delete env[key];
  env.POSTHOG_API_KEY = "phc_test";
  vi.clearAllMocks();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("an event, byte for byte", async () => {
  const fetch = mockFetch();
  const done = await trackPosthogEvent(c, {
    ...event,
    description: "one line",
    groups: { organization: "org-1" },
    ip: "203.0.113.7",
    tags: { app_id: "a", channel: "beta", n: NaN, gone: undefined, at: new Date(0) },
    nonPersonTags: { attempt: 2, app_id: "overwritten" },
  });
  expect(done).toBe(true);
  const tags = { app_id: "a", channel: "beta", n: null, at: "1970-01-01T00:00:00.000Z" };
  expect(sent(fetch)).toEqual([post(`${EU}/capture/`, {
    api_key: "phc_test",
    event: "App Created",
    distinct_id: "org-1",
    properties: {
      attempt: 2,
      app_id: "a",
      channel: "app-created",
      n: null,
      at: tags.at,
      description: "one line",
      $set: tags,
      $groups: { organization: "org-1" },
    },
    ip: "203.0.113.7",
    timestamp: NOW,
  })]);
});

test("a ledger entry: its own time, and nothing set on the person", async () => {
  const fetch = mockFetch();
  await trackPosthogEvent(c, {
    event: "Credit Usage Ledger Entry",
    channel: "usage",
    distinct_id: "org-1",
    groups: {},
    setPersonProperties: false,
    tags: { $insert_id: "usage_credit_transaction:7", amount: 1.5 },
    timestamp: "2026-07-01T00:00:00.000Z",
  });
  expect(sent(fetch)).toEqual([post(`${EU}/capture/`, {
    api_key: "phc_test",
    event: "Credit Usage Ledger Entry",
    distinct_id: "org-1",
    properties: { $insert_id: "usage_credit_transaction:7", amount: 1.5, channel: "usage" },
    timestamp: "2026-07-01T00:00:00.000Z",
  })]);
});

test.each([
  [{ user_id: "u", distinct_id: "d" }, "u"],
  [{ user_id: "", distinct_id: "d" }, "d"],
  [{ user_id: "", distinct_id: "" }, "anonymous"],
  [{ groups: { organization: "org-1" } }, "anonymous"],
])("%o is the event of %s", async (ids, expected) => {
  const fetch = mockFetch();
  await trackPosthogEvent(c, { event: "E", channel: "c", ...ids });
  expect(JSON.parse(String(sent(fetch)[0]?.body)).distinct_id).toBe(expected);
});

test("one fetch: a string, a string for a body, and no second try", async () => {
  const fetch = mockFetch(() => Promise.resolve(refused(503, "busy")));
  expect(await trackPosthogEvent(c, event)).toBe(false);
  const [[url, init] = []] = fetch.mock.calls;
  expect([fetch.mock.calls.length, typeof url, typeof init?.body]).toEqual([1, "string", "string"]);
  expect(init?.signal === undefined || init.signal instanceof AbortSignal).toBe(true);
});

test("a group's profile, byte for byte", async () => {
  const fetch = mockFetch();
  expect(await groupIdentifyPosthog(c, organization)).toBe(true);
  expect(await groupIdentifyPosthog(c, { groupType: "organization", groupKey: "org-2" })).toBe(true);
  const body = (key: string, set: object) => ({
    api_key: "phc_test",
    event: "$groupidentify",
    distinct_id: `$organization_${key}`,
    properties: { $group_type: "organization", $group_key: key, $group_set: set },
    timestamp: NOW,
  });
  expect(sent(fetch)).toEqual([
    post(`${EU}/capture/`, body("org-1", { name: "Acme" })),
    post(`${EU}/capture/`, body("org-2", {})),
  ]);
});

test("an exception, byte for byte: every line of the stack is a frame, crash site first", async () => {
  const fetch = mockFetch();
  env.ENV_NAME = "prod";
  const error = thrown([
    "TypeError: boom",
    "    at handler (file:///fn/index.ts:10:5)",
    "    at async Object.run (file:///fn/run.ts:3:17)",
    "    at file:///fn/main.ts:1:2",
    "    at Array.map (<anonymous>)",
    "",
  ].join("\n"));
  expect(await capturePosthogException(c, exception(error, { status: 503 }))).toBe(true);
  const end = { platform: "custom", lang: "javascript" };
  expect(sent(fetch)).toEqual([post(`${EU}/i/v0/e/`, {
    token: "phc_test",
    event: "$exception",
    properties: {
      distinct_id: "backend:prod:on_app",
      $exception_list: [{
        type: "TypeError",
        value: "boom",
        mechanism: { handled: true, synthetic: false },
        stacktrace: {
          type: "raw",
          frames: [
            { function: "handler", filename: "file:///fn/index.ts", lineno: 10, colno: 5, ...end },
            { function: "async Object.run", filename: "file:///fn/run.ts", lineno: 3, colno: 17, ...end },
            { function: "on_app", filename: "file:///fn/main.ts", lineno: 1, colno: 2, ...end },
            { function: "on_app", ...end },
            { function: "on_app", ...end },
          ],
        },
      }],
      $exception_fingerprint: "backend:prod:on_app:unhandled_error:TypeError:handler:file:///fn/index.ts:503",
      error_kind: "unhandled_error",
      function_name: "on_app",
      method: "POST",
      request_id: "req-1",
      status: 503,
      url_path: "/triggers/on_app",
    },
    timestamp: NOW,
  })]);
});

test.each([
  [
    "a message of two lines",
    thrown("E: a\nparams: x\n    at f (file:///f.ts:1:2)", "a\nparams: x"),
    "on_app:unknown",
  ],
  ["no stack", Object.assign(new Error("a"), { stack: undefined }), "on_app:unknown"],
  [
    "a function that is constructed",
    thrown("E: a\n    at new Job (file:///f.ts:1:2)"),
    "new Job:file:///f.ts",
  ],
])("the issue of an exception with %s stays its issue", async (_, error, site) => {
  const fetch = mockFetch();
  await capturePosthogException(c, exception(error));
  const { properties } = JSON.parse(String(sent(fetch)[0]?.body));
  expect(properties.$exception_fingerprint).toBe(
    `backend:unknown:on_app:unhandled_error:${error.name}:${site}:500`,
  );
  expect(properties.$exception_list[0].value).toBe(error.message);
});

test("a replay, byte for byte", async () => {
  const fetch = mockFetch();
  expect(await capturePosthogReplaySnapshot(c, snapshot)).toBe(true);
  expect(sent(fetch)).toEqual([post(`${EU}/s/`, {
    api_key: "phc_test",
    distinct_id: "user-1",
    event: "$snapshot",
    properties: {
      $current_url: "https://console.example/apps",
      $lib: "web",
      $lib_version: "1.2.3",
      $session_id: "session-1",
      $set: { email: "ada@example.com" },
      $snapshot_bytes: 33,
      $snapshot_data: [{ type: 4, data: { text: "é" } }],
      $snapshot_source: "web",
      $window_id: "window-1",
      distinct_id: "user-1",
      token: "phc_test",
      user_id: "user-1",
    },
    timestamp: "2026-07-24T09:00:00.000Z",
  })]);
});

test.each([
  ["https://h.example", "/capture/", "/i/v0/e/", "/s/"],
  ["https://h.example/", "/capture/", "/i/v0/e/", "/s/"],
  ["https://h.example/capture/", "/capture/", "/i/v0/e/", "/s/"],
  ["https://h.example/ingest", "/ingest/capture/", "/ingest/i/v0/e/", "/ingest/s/"],
  // Broken, and as broken as they were.
  ["https://h.example/capture", "/capture/capture/", "/i/v0/e/", "/s/"],
  ["https://h.example/i/v0/e/", "/i/v0/e/capture/", "/i/v0/e/", "/s/"],
  ["https://h.example/e/", "/e/capture/", "/e/i/v0/e/", "/s/"],
  ["https://h.example/s", "/s/capture/", "/s/i/v0/e/", "/s/"],
])("the host %s gives the old URLs", async (host, ...paths) => {
  const fetch = mockFetch();
  env.POSTHOG_API_HOST = host;
  await trackPosthogEvent(c, event);
  await capturePosthogException(c, exception(thrown("E: a\n    at f (file:///f.ts:1:2)")));
  await capturePosthogReplaySnapshot(c, snapshot);
  expect(sent(fetch).map(({ url }) => url)).toEqual(paths.map((path) => `https://h.example${path}`));
});

/** The four functions, what each logs when it worked, was refused, and was not answered. */
const functions: [name: string, call: () => Promise<boolean>, words: string, fields: object][] = [
  ["trackPosthogEvent", () => trackPosthogEvent(c, event), "event", {
    event: "App Created",
    distinctId: "org-1",
  }],
  ["groupIdentifyPosthog", () => groupIdentifyPosthog(c, organization), "$groupidentify", {
    groupType: "organization",
    groupKey: "org-1",
  }],
  ["capturePosthogException", () => capturePosthogException(c, exception(new Error("x"))), "exception", {
    event: "$exception",
    distinctId: "backend:unknown:on_app",
  }],
  ["capturePosthogReplaySnapshot", () => capturePosthogReplaySnapshot(c, snapshot), "replay", {
    sessionId: "session-1",
    distinctId: "user-1",
  }],
];

test.each(functions)("%s logs what was accepted", async (_, call, words, fields) => {
  mockFetch();
  expect(await call()).toBe(true);
  expect(cloudlog.mock.calls).toEqual([[{
    requestId: "req-1",
    message: `PostHog ${words} sent`,
    ...fields,
  }]]);
  expect(cloudlogErr).not.toHaveBeenCalled();
});

test.each(functions)("%s logs what was refused, with the refusal's text", async (_, call, words, fields) => {
  mockFetch(() => Promise.resolve(refused(400, "bad request")));
  expect(await call()).toBe(false);
  const message = words === "event" ? "PostHog error" : `PostHog ${words} error`;
  expect(cloudlogErr.mock.calls).toEqual([[
    { requestId: "req-1", message, status: 400, error: "bad request", ...fields },
  ]]);
  expect(cloudlog).not.toHaveBeenCalled();
});

test.each(functions)("%s logs the very error of a fetch that failed", async (_, call, words, fields) => {
  const error = Object.assign(new TypeError("fetch failed"), { cause: new Error("ECONNREFUSED") });
  mockFetch(() => Promise.reject(error));
  expect(await call()).toBe(false);
  const message = words === "event" ? "PostHog fetch failed" : `PostHog ${words} fetch failed`;
  const { name, stack } = error;
  expect(serializeError).toHaveBeenCalledWith(error);
  expect(cloudlogErr.mock.calls).toEqual([[
    { requestId: "req-1", message, error: { name, message: "fetch failed", stack }, ...fields },
  ]]);
});

test.each(functions)("%s without a key sends nothing", async (_, call) => {
  const fetch = mockFetch();
  env.POSTHOG_API_KEY = "";
  expect(await call()).toBe(false);
  expect(fetch).not.toHaveBeenCalled();
  expect(cloudlog.mock.calls).toEqual([[{ requestId: "req-1", message: "PostHog not configured" }]]);
});

test.each(functions)("%s with a host that is none sends nothing and does not reject", async (_, call) => {
  const fetch = mockFetch();
  env.POSTHOG_API_HOST = "://bad";
  expect(await call()).toBe(false);
  expect(fetch).not.toHaveBeenCalled();
  expect(cloudlogErr).toHaveBeenCalledOnce();
});
