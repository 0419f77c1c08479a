// PostHog's newer endpoint: what arrives, and what each event is told.
import { client, same, truthy } from "./check.js";

const AT = "2026-01-02T03:04:05.678Z";
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const uuid = (last) => `0190a0a0-0000-7000-8000-00000000000${last}`;
const v1 = (t, options) => client(t, { protocol: "v1", ...options });
const named = (event, last, more) => ({
  kind: "capture",
  event,
  distinctId: "u",
  uuid: uuid(last),
  timestamp: AT,
  ...more,
});

export const tests = {
  async "a request has all that the protocol asks for"(t) {
    const group = t.posthog.trusted("organization", "org_1", "row");
    const outcome = await v1(t).capture({
      ...named("Ping", 1),
      groups: [group],
      properties: { a: 1, $session_id: "s-1", $window_id: 7, $ignore_sent_at: true },
      set: { plan: "Maker" },
    });
    same([outcome.status, outcome.events], ["accepted", [{
      event: "Ping",
      uuid: uuid(1),
      status: "accepted",
      result: "ok",
    }]]);
    const { requests: [request], events: [event] } = await t.project.arrived(1);
    const { headers } = request;
    const sdk = headers["posthog-sdk-info"];
    truthy(/^posthog-wasm\/\d+\.\d+\.\d+$/.test(sdk) && headers["user-agent"] === sdk, sdk);
    truthy(UUID.test(headers["posthog-request-id"]), headers["posthog-request-id"]);
    truthy(Math.abs(Date.parse(headers["posthog-request-timestamp"]) - Date.now()) < 60_000, "the time");
    same(
      [request.path, headers.authorization, headers["content-type"], headers["posthog-attempt"]],
      ["/i/v1/analytics/events", "Bearer phc_test", "application/json", "1"],
    );
    const { created_at, ...body } = JSON.parse(request.body);
    truthy(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/.test(created_at), created_at);
    same(body, {
      batch: [{
        event: "Ping",
        distinct_id: "u",
        timestamp: AT,
        uuid: uuid(1),
        session_id: "s-1",
        options: { disable_skew_correction: true },
        properties: {
          $is_server: true,
          $geoip_disable: true,
          a: 1,
          $window_id: 7,
          $set: { plan: "Maker" },
          $groups: { organization: "org_1" },
        },
      }],
    });
    same([event.properties.$lib, event.properties.$ignore_sent_at], ["posthog-wasm", true]);
  },

  async "each event is told what became of it"(t) {
    const outcome = await v1(t).track([
      named("Ping", 1),
      named("Ping", 2, { distinctId: "anonymous" }),
      named("x".repeat(201), 3),
      { kind: "capture", event: "", distinctId: "u" },
    ]);
    const told = outcome.events.map(({ status, result, details, error }) =>
      [status, result, details, error?.code].filter(Boolean)
    );
    same(told, [
      ["accepted", "ok"],
      ["accepted", "warning", "person_processing_disabled"],
      ["rejected", "drop", "event_name_too_long"],
      ["invalid", "invalid_event"],
    ]);
    same([outcome.status, outcome.httpStatus, outcome.message], [
      "rejected",
      200,
      "PostHog dropped it: event_name_too_long",
    ]);
    await t.project.arrived(2);
  },

  async "what was not persisted is sent again alone, when the server says"(t) {
    const results = {
      [uuid(1)]: { result: "ok" },
      [uuid(2)]: { result: "retry", details: "not_persisted" },
      [uuid(3)]: { result: "drop", details: "llm_events_over_quota" },
    };
    const fault = { mode: "status", status: 200, headers: { "retry-after": "1" }, times: 1 };
    await t.project.faults({ ...fault, body: JSON.stringify({ results }) }, { mode: "none" });
    const events = [1, 2, 3].map((last) => named("Ping", last));
    const outcome = await v1(t, { maxRetries: 3 }).track(events);
    same(outcome.events.map(({ status, result }) => [status, result]), [
      ["accepted", "ok"],
      ["accepted", "ok"],
      ["rejected", "drop"],
    ]);
    same([outcome.status, outcome.reason], ["rejected", "over_quota"]);
    const { requests: [one, two] } = await t.project.arrived(1);
    same(JSON.parse(two.body).batch.map(({ uuid }) => uuid), [uuid(2)]);
    truthy(two.at - one.at >= 990, `${two.at - one.at} ms`);
    same(one.headers["posthog-request-id"], two.headers["posthog-request-id"]);
    same(two.headers["posthog-attempt"], "2");
    const [sent, again] = [one, two].map(({ headers }) => Date.parse(headers["posthog-request-timestamp"]));
    truthy(again >= sent + 990, `each attempt says when it is sent: ${sent} ${again}`);
  },

  async "what is limited, or has a result that nobody knows yet, is not sent again"(t) {
    const results = { [uuid(1)]: { result: "limited" }, [uuid(2)]: { result: "a_word_of_the_future" } };
    await t.project.faults({ mode: "status", status: 200, body: JSON.stringify({ results }) });
    const outcome = await v1(t, { maxRetries: 3 }).track([named("Ping", 1), named("Ping", 2)]);
    same(outcome.events.map(({ status, result }) => [status, result]), [
      ["rejected", "limited"],
      ["accepted", "a_word_of_the_future"],
    ]);
    same([outcome.status, outcome.reason, outcome.attempts], ["rejected", "over_quota", 1]);
  },

  async "a server that has no such endpoint gets the events the old way"(t) {
    await t.project.faults({ mode: "status", status: 404, times: 1 }, { mode: "none" });
    const posthog = v1(t);
    for (const last of [1, 2]) same((await posthog.capture(named("Ping", last))).status, "accepted");
    const { requests } = await t.project.arrived(2);
    same(requests.map(({ path }) => path), ["/i/v1/analytics/events", "/batch/", "/batch/"]);
  },

  async "that is not forgotten for other clients, as long as it is used among them"(t) {
    await t.project.faults({ mode: "status", status: 404, times: 1 }, { mode: "none" });
    const posthog = v1(t);
    for (let at = 0; at < 40; at++) {
      same((await posthog.capture(named("Ping", at % 10))).status, "accepted");
      await client(t, { maxRetries: 1, budgetMs: 4_000 + at, apiKey: undefined, disabled: true }).capture(
        named("Ping", 1),
      );
    }
    const { requests } = await t.project.arrived(40);
    same(requests.filter(({ path }) => path.startsWith("/i/v1/")).length, 1);
  },

  async "quota answers are told, on the old endpoints where they can be seen"(t) {
    await t.project.faults({ mode: "status", status: 402 });
    for (const protocol of ["v0", "v1"]) {
      const { status, reason, attempts } = await v1(t, { protocol, maxRetries: 2 }).capture(named("Ping", 1));
      same([status, reason, attempts], ["rejected", "over_quota", 1], protocol);
    }
  },

  async "over quota, a replay is answered 200, and it is told all the same"(t) {
    const fault = { mode: "status", status: 200, times: 1 };
    await t.project.faults({ ...fault, body: '{"status":"Ok","quota_limited":["recordings"]}' }, {
      mode: "none",
    });
    const replay = { sessionId: "s-1", distinctId: "u", events: [{ type: 4, data: {}, timestamp: 1 }] };
    const { status, reason, httpStatus } = await client(t).captureSnapshot(replay);
    same([status, reason, httpStatus], ["rejected", "over_quota", 200]);
    same((await client(t).captureSnapshot(replay)).status, "accepted");
  },

  async "large bodies and long answers"(t) {
    const events = Array.from({ length: 500 }, (_, at) => ({ ...named("Ping", 0), uuid: undefined, at }));
    const outcome = await v1(t).track(events.map(({ at, ...event }) => ({ ...event, properties: { at } })));
    same(outcome.status, "accepted");
    same(new Set(outcome.events.map(({ result }) => result)).size, 1);
    const { requests } = await t.project.arrived(500);
    same([requests.length, outcome.events[499].result], [1, "ok"]);
    const packs = globalThis.CompressionStream !== undefined;
    same(requests[0].headers["content-encoding"], packs ? "gzip" : undefined);
  },

  async "AI events have an endpoint that takes larger ones"(t) {
    const posthog = client(t);
    const $ai_input = "words of a model, ".repeat(150_000);
    const large = { event: "$ai_generation", distinctId: "u", properties: { $ai_input } };
    same((await posthog.capture(large)).events[0].error.code, "too_large");
    same((await posthog.captureAi(large)).status, "accepted");
    const { requests: [request], events: [event] } = await t.project.arrived(1);
    same([request.path, event.properties.$ai_input.length], ["/i/v0/ai/batch/", $ai_input.length]);
    const tooLarge = { ...large, properties: { $ai_input: $ai_input.repeat(4) } };
    for (const input of [tooLarge, { ...large, properties: { $ai_input: "ü".repeat(4_194_300) } }]) {
      const { status, events: [{ error }] } = await posthog.captureAi(input);
      same([status, error.code, error.field], ["invalid", "too_large", "properties"]);
    }
    const { status, events: [{ error }] } = await posthog.captureAi({ event: "Ping", distinctId: "u" });
    same([status, error.code, error.field], ["invalid", "invalid_event", "event"]);
    const hooked = client(t, { before_send: (event) => event });
    same((await hooked.captureAi(large)).status, "accepted");
    same((await t.project.arrived(2)).requests.length, 2);
  },

  async "a migration of old events says so"(t) {
    for (const protocol of ["v0", "v1"]) {
      const posthog = v1(t, { protocol, historicalMigration: true });
      same((await posthog.capture(named("Old", protocol === "v0" ? 1 : 2))).status, "accepted");
    }
    const { events } = await t.project.arrived(2);
    same(events.map(({ historical_migration }) => historical_migration), [true, true]);
  },

  async "the main entry's client says where the newer endpoint is"(t) {
    const { status, error } = await client({ ...t, posthog: t.client }, { protocol: "v1" }).capture(
      named("Ping", 1),
    );
    same([status, error.field, error.message.includes("posthog-wasm/full")], ["invalid", "protocol", true]);
    for (const protocol of ["v2", 1]) {
      same((await v1(t, { protocol }).capture(named("Ping", 1))).error.field, "protocol");
    }
  },
};
