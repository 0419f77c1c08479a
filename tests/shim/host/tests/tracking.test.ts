// utils/tracking.ts beside mocked modules that have what it uses and nothing else.
import type { Context } from "hono";
import { beforeEach, describe, expect, test, vi } from "vitest";

const steps: string[] = [];
const {
  backgroundTask,
  cloudlogErr,
  end,
  getDrizzleClient,
  getPgClient,
  sendNotifToOrgMembers,
  sendNotifToOrgMembersOnce,
  track,
  trackPosthogEvent,
} = vi.hoisted(() => ({
  backgroundTask: vi.fn(),
  cloudlogErr: vi.fn(),
  end: vi.fn(),
  getDrizzleClient: vi.fn(),
  getPgClient: vi.fn(),
  sendNotifToOrgMembers: vi.fn(),
  sendNotifToOrgMembersOnce: vi.fn(),
  track: vi.fn(),
  trackPosthogEvent: vi.fn(),
}));

vi.mock("../utils/logging.ts", () => ({
  cloudlogErr,
  serializeError: (error: Error) => ({ name: error.name, message: error.message }),
}));
vi.mock("../utils/logsnag.ts", () => ({ logsnag: () => ({ track }) }));
vi.mock("../utils/org_email_notifications.ts", () => ({ sendNotifToOrgMembers, sendNotifToOrgMembersOnce }));
vi.mock("../utils/pg.ts", () => ({ getDrizzleClient, getPgClient }));
vi.mock("../utils/posthog.ts", () => ({ trackPosthogEvent }));
vi.mock("../utils/utils.ts", () => ({ backgroundTask }));

import { sendEventToTracking, type SendEventToTrackingPayload } from "../utils/tracking.ts";

/** A context as tests make one: no URL, no method. */
const context = (headers: Record<string, string> = {}) =>
  ({
    get: (key: string) => key === "requestId" ? "req-1" : undefined,
    req: { header: (name: string) => headers[name] },
  }) as unknown as Context;
const c = context();

const bento = {
  event: "org:created",
  preferenceKey: "onboarding" as const,
  uniqId: "org:created:org-1",
  data: { org_id: "org-1" },
};
const payload = (): SendEventToTrackingPayload => ({
  channel: "org-created",
  event: "Org Created",
  icon: "🎉",
  notify: false,
  user_id: "org-1",
  groups: { organization: "org-1" },
  tags: { plan: "Solo" },
  nonPersonTags: { source: "trigger" },
  sentToBento: true,
  bento: { ...bento, cron: "0 0 * * 1", audience: "billing" },
});
const failure = (provider: string, message: string) => [
  {
    requestId: "req-1",
    message: "sendEventToTracking provider failed",
    provider,
    error: { name: "Error", message },
  },
];

/** Says when it was called, and when it was done, a turn later. */
function told<T>(name: string, value?: T) {
  return async () => {
    steps.push(name);
    await new Promise((done) => setTimeout(done, 1));
    steps.push(`${name} done`);
    return value;
  };
}

beforeEach(() => {
  vi.resetAllMocks();
  steps.length = 0;
  backgroundTask.mockImplementation((_c, task) => task);
  track.mockImplementation(told("logsnag", true));
  trackPosthogEvent.mockImplementation(told("posthog", true));
  getPgClient.mockImplementation(() => (steps.push("open"), { end }));
  getDrizzleClient.mockImplementation((client) => ({ client }));
  sendNotifToOrgMembers.mockImplementation(told("members", true));
  sendNotifToOrgMembersOnce.mockImplementation(told("members once", true));
  end.mockImplementation(async () => void steps.push("end"));
});

describe("what is sent", () => {
  test("LogSnag gets the whole payload", async () => {
    const given = payload();
    await sendEventToTracking(c, given);
    expect(track.mock.calls).toEqual([[given]]);
  });

  test("PostHog gets its event, with tags, groups and nonPersonTags", async () => {
    await sendEventToTracking(c, { ...payload(), description: "one line" });
    expect(trackPosthogEvent).toHaveBeenCalledOnce();
    const [given, event] = trackPosthogEvent.mock.calls[0]!;
    expect(given).toBe(c);
    expect(event).toMatchObject({
      event: "Org Created",
      channel: "org-created",
      description: "one line",
      user_id: "org-1",
      groups: { organization: "org-1" },
      tags: { plan: "Solo" },
      nonPersonTags: { source: "trigger" },
    });
    // These exist only on trackPosthogEvent.
    for (const name of ["timestamp", "setPersonProperties", "distinct_id"]) {
      expect((event as Record<string, unknown>)[name]).toBeUndefined();
    }
  });

  test.each([
    ["options.ip", { "cf-connecting-ip": "203.0.113.1" }, { ip: "203.0.113.9" }, "203.0.113.9"],
    [
      "cf-connecting-ip",
      { "cf-connecting-ip": "203.0.113.1", "x-forwarded-for": "203.0.113.2" },
      {},
      "203.0.113.1",
    ],
    ["the first of x-forwarded-for", { "x-forwarded-for": "203.0.113.2, 203.0.113.3" }, {}, "203.0.113.2"],
    ["nowhere", {}, {}, undefined],
  ])("the address comes from %s", async (_, headers, options, ip) => {
    await sendEventToTracking(context(headers as Record<string, string>), payload(), options);
    expect(trackPosthogEvent.mock.calls[0]?.[1]?.ip).toBe(ip);
  });
});

describe("in the background", () => {
  test("the runtime is handed two tasks, the second when the first is done", async () => {
    backgroundTask.mockImplementation(async (given, task) => {
      expect(given).toBe(c);
      expect(task).toBeInstanceOf(Promise);
      steps.push("task");
      await task;
      steps.push("task done");
    });
    await sendEventToTracking(c, payload());
    expect(backgroundTask).toHaveBeenCalledTimes(2);
    const at = (step: string) => steps.indexOf(step);
    // Both providers are on their way before the first task is handed over.
    expect(steps.slice(0, 3)).toEqual(["logsnag", "posthog", "task"]);
    expect(at("task done")).toBeGreaterThan(at("posthog done"));
    expect(at("open")).toBeGreaterThan(at("task done"));
    expect(steps.slice(-2)).toEqual(["end", "task done"]);
  });

  test("two tasks also where no member is notified", async () => {
    await sendEventToTracking(c, { channel: "c", event: "E", user_id: "u" });
    expect(backgroundTask).toHaveBeenCalledTimes(2);
    expect(getPgClient).not.toHaveBeenCalled();
  });

  test("a runtime that takes the tasks is not waited for", async () => {
    const tasks: Promise<unknown>[] = [];
    backgroundTask.mockImplementation((_c, task) => (tasks.push(task), Promise.resolve(null)));
    await sendEventToTracking(c, payload());
    expect(tasks).toHaveLength(2);
    expect(steps).not.toContain("posthog done");
    await Promise.all(tasks);
    expect(steps).toContain("end");
  });

  test("with background: false nothing is handed over, and everything is awaited", async () => {
    await sendEventToTracking(c, payload(), { background: false });
    expect(backgroundTask).not.toHaveBeenCalled();
    expect(steps).toEqual([
      "logsnag",
      "posthog",
      "logsnag done",
      "posthog done",
      "open",
      "members",
      "members done",
      "end",
    ]);
  });
});

describe("members", () => {
  test("by cron", async () => {
    await sendEventToTracking(c, payload());
    const client = getPgClient.mock.results[0]?.value;
    expect(getPgClient.mock.calls).toEqual([[c, true]]);
    expect(sendNotifToOrgMembers.mock.calls).toEqual([[
      c,
      "org:created",
      "onboarding",
      { org_id: "org-1" },
      "org-1",
      "org:created:org-1",
      "0 0 * * 1",
      { client },
      "billing",
    ]]);
    expect(sendNotifToOrgMembersOnce).not.toHaveBeenCalled();
    expect(end).toHaveBeenCalledOnce();
  });

  test("once", async () => {
    await sendEventToTracking(c, { ...payload(), bento: { ...bento, once: true } });
    const client = getPgClient.mock.results[0]?.value;
    expect(sendNotifToOrgMembersOnce.mock.calls).toEqual([[
      c,
      "org:created",
      "onboarding",
      { org_id: "org-1" },
      "org-1",
      "org:created:org-1",
      { client },
      undefined,
    ]]);
    expect(sendNotifToOrgMembers).not.toHaveBeenCalled();
    expect(end).toHaveBeenCalledOnce();
  });

  test("every minute, where there is no cron", async () => {
    await sendEventToTracking(c, { ...payload(), bento });
    expect(sendNotifToOrgMembers.mock.calls[0]?.[6]).toBe("* * * * *");
  });

  test("of the event's organization, and else of its user_id", async () => {
    await sendEventToTracking(c, { ...payload(), groups: { organization: "org-2" } });
    await sendEventToTracking(c, { ...payload(), groups: undefined });
    expect(sendNotifToOrgMembers.mock.calls.map((call) => call[4])).toEqual(["org-2", "org-1"]);
  });

  test.each([false, true])("the client is ended where the notification fails (once: %s)", async (once) => {
    for (const send of [sendNotifToOrgMembers, sendNotifToOrgMembersOnce]) {
      send.mockRejectedValue(new Error("SMTP"));
    }
    await sendEventToTracking(c, { ...payload(), bento: { ...bento, once } });
    expect(end).toHaveBeenCalledOnce();
    expect(cloudlogErr.mock.calls).toEqual([failure("bento", "SMTP")]);
  });

  test("the client is ended where drizzle fails", async () => {
    getDrizzleClient.mockImplementation(() => {
      throw new Error("no schema");
    });
    await sendEventToTracking(c, payload());
    expect(end).toHaveBeenCalledOnce();
    expect(cloudlogErr.mock.calls).toEqual([failure("bento", "no schema")]);
  });

  test("a database that cannot be reached is logged, never thrown, strict or not", async () => {
    getPgClient.mockImplementation(() => {
      throw new Error("no database");
    });
    await sendEventToTracking(c, payload());
    await sendEventToTracking(c, payload(), { background: false, strict: true });
    expect(cloudlogErr.mock.calls).toEqual([
      failure("bento", "no database"),
      failure("bento", "no database"),
    ]);
    expect(end).not.toHaveBeenCalled();
  });

  test("what is missing is said, with the event and its user", async () => {
    const facts = { requestId: "req-1", event: "Org Created", user_id: "org-1" };
    await sendEventToTracking(c, { ...payload(), bento: undefined });
    await sendEventToTracking(c, { ...payload(), groups: undefined, user_id: undefined });
    expect(cloudlogErr.mock.calls).toEqual([
      [{ ...facts, message: "sendEventToTracking missing Bento payload" }],
      [{
        ...facts,
        message: "sendEventToTracking missing org id for Bento notification",
        user_id: undefined,
      }],
    ]);
    expect(getPgClient).not.toHaveBeenCalled();
  });
});

describe("trouble", () => {
  test("one provider's is logged, and the other has its event", async () => {
    track.mockRejectedValue(new Error("down"));
    await sendEventToTracking(c, payload());
    expect(cloudlogErr.mock.calls).toEqual([failure("logsnag", "down")]);
    expect(trackPosthogEvent).toHaveBeenCalledOnce();
    expect(end).toHaveBeenCalledOnce();
  });

  test("a provider that throws at once is as one that rejects", async () => {
    trackPosthogEvent.mockImplementation(() => {
      throw new Error("at once");
    });
    await sendEventToTracking(c, payload());
    expect(cloudlogErr.mock.calls).toEqual([failure("posthog", "at once")]);
    expect(track).toHaveBeenCalledOnce();
  });

  test("false is no trouble, unless the caller is strict", async () => {
    trackPosthogEvent.mockResolvedValue(false);
    await sendEventToTracking(c, payload(), { background: false });
    expect(cloudlogErr).not.toHaveBeenCalled();
    await expect(sendEventToTracking(c, payload(), { background: false, strict: true }))
      .rejects.toThrow("posthog tracking returned false");
    expect(cloudlogErr.mock.calls).toEqual([failure("posthog", "posthog tracking returned false")]);
  });

  test("strict rejects with the provider's own error, and notifies nobody", async () => {
    const error = new Error("down");
    track.mockRejectedValue(error);
    await expect(sendEventToTracking(c, payload(), { background: false, strict: true })).rejects.toBe(error);
    expect(getPgClient).not.toHaveBeenCalled();
  });

  test("strict in the background is the runtime's to hear", async () => {
    const error = new Error("down");
    const tasks: Promise<unknown>[] = [];
    track.mockRejectedValue(error);
    backgroundTask.mockImplementation((_c, task) => {
      tasks.push(task);
      return Promise.resolve(task).then(() => null, () => null);
    });
    await sendEventToTracking(c, payload(), { strict: true });
    expect(tasks).toHaveLength(2);
    await expect(tasks[0]).rejects.toBe(error);
    // The notification is never strict.
    await expect(tasks[1]).resolves.toBeUndefined();
    expect(end).toHaveBeenCalledOnce();
  });
});
