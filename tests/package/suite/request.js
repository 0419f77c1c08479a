// A client for one request: what its events say of the request, and what becomes of what its handler throws.
import { client, same, sleep, truthy } from "./check.js";

const PERSON = "X-POSTHOG-DISTINCT-ID";
const SESSION = "X-POSTHOG-SESSION-ID";
const ofBrowser = { [PERSON]: "browser-1", [SESSION]: "0198c2f4-aaaa-7000", "X-Request-Id": "req-1" };
const request = (headers = ofBrowser, url = "http://h.test/orgs/o1?token=secret#x", init = {}) =>
  new Request(url, { method: "PUT", headers, ...init });
const arrived = async (t, count) => (await t.project.arrived(count)).events;
const organization = (t, key = "org_1") => t.posthog.trusted("organization", key, "a test");
/** What of an event is about the request. */
const told = ({ distinct_id, properties }) => {
  const { $session_id, $request_id, $request_method, $request_path, $groups, $process_person_profile } =
    properties;
  return {
    distinct_id,
    $session_id,
    $request_id,
    $request_method,
    $request_path,
    $groups,
    $process_person_profile,
  };
};
const hostile = (...names) =>
  Object.defineProperties(
    {},
    Object.fromEntries(names.map((name) => [name, {
      enumerable: true,
      get() {
        throw new Error("hostile");
      },
    }])),
  );

export const tests = {
  async "every event says whose it is, of which session and request, and for whom it counts"(t) {
    const groups = [organization(t)];
    await t.requests.withRequest(
      client(t),
      request(),
      { groups, properties: { app: "web" } },
      async (posthog) => {
        await posthog.capture({ event: "A", properties: { a: 1 } });
        await posthog.captureException(new Error("boom"));
        await posthog.track([{ kind: "capture", event: "B" }, {
          kind: "group_identify",
          group: groups[0],
          properties: { name: "Acme" },
        }]);
        await posthog.track({ kind: "capture", event: "C" });
      },
    );
    const events = await arrived(t, 5);
    same(events.map(({ event }) => event), ["A", "$exception", "B", "$groupidentify", "C"]);
    const known = {
      distinct_id: "browser-1",
      $session_id: "0198c2f4-aaaa-7000",
      $request_id: "req-1",
      $groups: { organization: "org_1" },
    };
    for (const at of [0, 2, 4]) same(told(events[at]), known);
    same(told(events[1]), { ...known, $request_method: "PUT", $request_path: "/orgs/o1" });
    same(events.map(({ properties }) => properties.app), ["web", "web", "web", undefined, "web"]);
    same([events[0].properties.a, events[3].properties.$group_set], [1, { name: "Acme" }]);
    same([events[3].distinct_id, events[3].properties.$request_id], ["$organization_org_1", undefined]);
    truthy(!JSON.stringify(events).includes("secret"), "a query");
  },

  async "what a call says itself wins"(t) {
    const posthog = t.requests.forRequest(client(t, { groupTypes: ["organization", "app"] }), request());
    posthog.setGroups([organization(t), null]);
    const app = t.posthog.trusted("app", "app_1", "a test");
    await posthog.capture({
      event: "A",
      distinctId: "u",
      groups: [organization(t, "org_2")],
      properties: { $session_id: "own", $request_id: "own" },
    });
    await posthog.capture({ event: "B", groups: [app, undefined] });
    await posthog.captureException("text", "v");
    await posthog.captureException("text", { properties: { $request_path: "/own" } });
    const events = (await arrived(t, 4)).map(told);
    same([events[0].distinct_id, events[0].$session_id, events[0].$request_id], ["u", "own", "own"]);
    same(events.map(({ $groups }) => $groups), [
      { organization: "org_2" },
      { app: "app_1", organization: "org_1" },
      { organization: "org_1" },
      { organization: "org_1" },
    ]);
    same([events[2].distinct_id, events[3].$request_path], ["v", "/own"]);
  },

  async "the application's word is above the browser's, which changes no person"(t) {
    const posthog = t.requests.forRequest(client(t), request());
    const refused = [
      await posthog.identify({ properties: { plan: "pro" } }),
      await posthog.alias({ alias: "old" }),
    ];
    same(refused.map(({ error }) => error.code), ["missing_distinct_id", "missing_distinct_id"]);
    same([posthog.distinctId, posthog.tracing], ["browser-1", {
      distinctId: "browser-1",
      sessionId: "0198c2f4-aaaa-7000",
    }]);
    posthog.setDistinctId("user_1");
    same(posthog.distinctId, "user_1");
    await posthog.capture({ event: "A" });
    await posthog.identify({ properties: { plan: "pro" } });
    await posthog.alias({ alias: posthog.tracing.distinctId });
    posthog.setDistinctId(undefined);
    await posthog.capture({ event: "B" });
    const events = await arrived(t, 4);
    same(events.map(({ distinct_id }) => distinct_id), ["user_1", "user_1", "user_1", "browser-1"]);
    same(events[2].properties.alias, "browser-1");
    const headless = t.requests.forRequest(client(t), request(), { tracingHeaders: false });
    same([headless.distinctId, headless.tracing], [undefined, {}]);
  },

  async "under a header's id no event changes a profile, and it is sent without"(t) {
    const profile = {
      set: { email: "a@example.org" },
      setOnce: { plan: "pro" },
      properties: { a: 1, $set: { b: 2 }, $set_once: { c: 3 }, $unset: ["d"] },
    };
    const fields = ["set", "setOnce", "properties.$set", "properties.$set_once", "properties.$unset"];
    const [logged, heard] = [[], []];
    const base = client(t, {
      logger: (outcome) => logged.push(outcome),
      onWarning: ({ code, field }) => heard.push([code, field]),
    });
    const posthog = t.requests.forRequest(base, request());
    const { warnings } = await posthog.capture({ event: "A", ...profile });
    const of = (prefix) => fields.map((field) => ["missing_distinct_id", prefix + field]);
    same(warnings.map(({ code, field }) => [code, field]), of(""));
    same([logged[0].warnings, heard], [warnings, of("")]);
    const given = [{ kind: "capture", event: "B" }, { kind: "capture", event: "C", ...profile }];
    const tracked = await posthog.track(given);
    same(tracked.warnings.map(({ code, field }) => [code, field]), of("events[1]."));
    const batch = posthog.batch();
    const batched = batch.capture({ event: "D", ...profile });
    await batch.flush();
    const others = [
      await batched,
      await posthog.captureAi({ event: "$ai_trace", ...profile }),
      await posthog.captureException("text", { properties: profile.properties }),
    ];
    const all = of("").map(([code, field]) => [code, field]);
    same(others.map(({ warnings }) => warnings.map(({ code, field }) => [code, field])), [
      all,
      all,
      all.slice(2),
    ]);
    // What is for all of the request's events.
    const within = t.requests.forRequest(posthog, {}, { properties: { $set: { e: 4 } } });
    await within.capture({ event: "E" });
    const events = await arrived(t, 7);
    for (const { event, distinct_id, properties } of events) {
      const written = Object.keys(properties).filter((name) => /^\$(set|unset)/.test(name));
      same([distinct_id, written], ["browser-1", []], event);
    }
    same(events.map(({ event, properties }) => [event, properties.a]), [
      ["A", 1],
      ["B", undefined],
      ["C", 1],
      ["D", 1],
      ["$ai_trace", 1],
      ["$exception", 1],
      ["E", undefined],
    ]);
    same(profile.properties.$unset, ["d"], "the caller's own object");
  },

  async "under the application's id, or the call's, it does"(t) {
    const profile = { set: { a: 1 }, setOnce: { b: 2 }, properties: { $unset: ["c"] } };
    const written = (
      { distinct_id, properties: { $set, $set_once, $unset } },
    ) => [distinct_id, $set, $set_once, $unset];
    const base = client(t);
    const posthog = t.requests.forRequest(base, request());
    const outcomes = [
      await posthog.capture({ event: "A", distinctId: "user_1", ...profile }),
      await t.requests.forRequest(base, request(), { distinctId: "user_1" }).capture({
        event: "B",
        ...profile,
      }),
    ];
    posthog.setDistinctId("user_1");
    outcomes.push(await posthog.capture({ event: "C", ...profile }));
    outcomes.push(
      await t.requests.forRequest(posthog, request()).track({ kind: "capture", event: "D", ...profile }),
    );
    same(outcomes.map(({ warnings }) => warnings), [[], [], [], []]);
    const known = ["user_1", profile.set, profile.setOnce, profile.properties.$unset];
    same((await arrived(t, 4)).map(written), Array(4).fill(known));
  },

  async "what is blank is nobody's id"(t) {
    for (const blank of ["", "   ", "\t\n", "\u0085\u00a0"]) {
      const options = { distinctId: blank };
      const posthog = t.requests.forRequest(client(t), request(), options);
      same([posthog.distinctId, (await posthog.identify({})).error.code], [
        "browser-1",
        "missing_distinct_id",
      ]);
      posthog.setDistinctId("user_1");
      posthog.setDistinctId(blank);
      same((await posthog.capture({ event: "A" })).status, "accepted");
    }
    same((await arrived(t, 4)).map(({ distinct_id }) => distinct_id), Array(4).fill("browser-1"));
  },

  async "nobody has an id of the request's own, and no profile"(t) {
    const two = [1, 2].map(() => t.requests.forRequest(client(t), request({})));
    for (const posthog of two) {
      await posthog.capture({ event: "A" });
      await posthog.track([{ kind: "capture", event: "B" }]);
    }
    const [a, b, c, d] = (await arrived(t, 4)).map(told);
    same([a.distinct_id, a.$request_id, a.$process_person_profile], [b.distinct_id, b.$request_id, false]);
    same([c.distinct_id, c.$request_id], [d.distinct_id, d.$request_id]);
    truthy(a.distinct_id !== c.distinct_id && a.$request_id !== c.$request_id, "shared between requests");
    truthy(/^[0-9a-f-]{36}$/.test(a.distinct_id) && a.$session_id === undefined, "an id of its own");
    // What counts for an organization goes to it.
    two[0].setGroups([organization(t)]);
    await two[0].capture({ event: "C" });
    const { distinct_id, $process_person_profile } = told((await arrived(t, 5))[4]);
    same([distinct_id, $process_person_profile], ["org_1", undefined]);
  },

  async "a source's fact stays the one that it is"(t) {
    const source = { system: "db", id: "1", at: "2026-01-02T03:04:05Z" };
    const event = { kind: "capture", event: "A", source, groups: [organization(t)] };
    for (const headers of [ofBrowser, {}]) {
      const posthog = t.requests.forRequest(client(t), request(headers), { distinctId: "user_1" });
      await posthog.track(event);
      const { error } = await posthog.capture({ event: "B", source });
      same(error.code, "missing_distinct_id");
    }
    await client(t).track(event);
    const { events } = await t.project.state();
    same(new Set(events.map(({ uuid }) => uuid)).size, 1);
    same(new Set(events.map(({ distinct_id }) => distinct_id)).size, 1);
  },

  async "headers are cleaned or ignored, and that is said once"(t) {
    const warnings = [];
    const base = client(t, { onWarning: (warning) => warnings.push(warning) });
    const of = (headers) => t.requests.forRequest(base, { headers });
    const rows = [
      [{ [PERSON]: "  u\u0000\u0007\u0085 1 " }, { distinctId: "u 1" }],
      [{ [PERSON]: ["first", "second"] }, { distinctId: "first" }],
      [{ [PERSON]: "   " }, {}],
      [{ [PERSON]: 7 }, {}],
      [{ [PERSON]: "x".repeat(200) }, { distinctId: "x".repeat(200) }],
      [{ [PERSON]: "x".repeat(201) }, {}],
      [{ [PERSON]: "x".repeat(5_000_000) }, {}],
      ...["undefined", "Anonymous", "[object Object]", "null", "0"].map((id) => [{ [PERSON]: id }, {}]),
      [{ [SESSION]: "a b" }, {}],
      [{ [SESSION]: "x".repeat(71) }, {}],
      [{ [SESSION]: "x".repeat(70), [PERSON]: "null" }, { sessionId: "x".repeat(70) }],
    ];
    for (const [headers, expected] of rows) {
      const lower = Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
      );
      same(of(lower).tracing, expected, JSON.stringify(headers).slice(0, 80));
      of(lower);
    }
    same(warnings.map(({ code, field }) => [code, field]), [
      ["distinct_id_too_long", PERSON],
      ["illegal_distinct_id", PERSON],
      ["invalid_session_id", SESSION],
    ]);
    const long = await of({ "x-request-id": "x".repeat(201), "cf-ray": "8f-ray" });
    same(long.requestId, "8f-ray");
    same(t.requests.forRequest(client(t), request(), { requestId: "mine" }).requestId, "mine");
  },

  async "a mistake is told to each client's own listener, once"(t) {
    const heard = [];
    for (const name of ["first", "second"]) {
      const base = client(t, { onWarning: ({ code, field }) => heard.push([name, code, field]) });
      for (const _ of [1, 2]) {
        const outer = t.requests.forRequest(base, request());
        t.requests.forRequest(outer, request()).setGroups("org_1");
        outer.setGroups("org_1");
      }
    }
    same(heard, [["first", "invalid_type", "groups"], ["second", "invalid_type", "groups"]]);
  },

  async "with a logger alone, a mistake is told with the next event, whatever it is"(t) {
    const codes = ({ warnings }) => warnings.map(({ code, field }) => `${code} ${field}`);
    const calls = [
      (posthog) => posthog.capture({ event: "A" }),
      // One that is refused tells it too.
      (posthog) => posthog.capture({ event: "" }),
      (posthog) => posthog.captureException("text"),
      (posthog) => posthog.captureAi({ event: "$ai_trace" }),
      (posthog) => posthog.identify({}),
      (posthog) => posthog.track([{ kind: "capture", event: "A" }, { kind: "capture", event: "B" }]),
      (posthog) => t.requests.forRequest(posthog, {}).capture({ event: "A" }),
    ];
    for (const call of calls) {
      const logged = [];
      const base = client(t, { logger: (outcome) => logged.push(codes(outcome)) });
      for (const expected of [["invalid_type groups", "invalid_type distinctId"], []]) {
        const posthog = t.requests.forRequest(base, request(), { distinctId: "user_1" });
        posthog.setGroups("org_1");
        posthog.setDistinctId(7);
        const told = [await call(posthog), await posthog.capture({ event: "C" })].map(codes);
        same([told, logged.splice(0)], [[expected, []], [expected, []]], String(call));
      }
    }
    const batch = t.requests.forRequest(client(t), request(), { properties: ["a"] }).batch();
    batch.capture({ event: "A" });
    batch.captureException("text");
    same((await batch.flush()).map(codes), [["invalid_type properties"], []]);
  },

  async "a path has no query and no secret, and is never long"(t) {
    const key = "Ab1".repeat(10);
    const rows = [
      ["/a/b?c=d#e", "/a/b"],
      ["http://h.test", "/"],
      ["/users/6f9619ff-8b86-d011-b42d-00c04fc964ff", "/users/6f9619ff-8b86-d011-b42d-00c04fc964ff"],
      ["/reset/aB3dE5gH7jK9mN1pQ3sT5", "/reset/…"],
      ["/invite/" + "0af".repeat(20), "/invite/…"],
      ["/by/ann@example.org/x", "/by/…/x"],
      ["/" + "a/".repeat(5_000_000), "/" + "a/".repeat(499) + "a"],
      // Cleaned before it is cut.
      ["/" + "a/".repeat(490) + "xxxxx/" + key, "/" + "a/".repeat(490) + "xxxxx/…"],
      ["/" + "a/".repeat(490) + "x".repeat(50), "/" + "a/".repeat(490) + "x".repeat(19)],
      // What is not read to its end.
      ["http://" + "u".repeat(8_192 - 31) + "@h.test/a/" + key, "/a/…"],
      ["http://" + "u".repeat(8_192 - 31) + "@h.test/a/b?" + key, "/a/b"],
      ["/k/sk_live_abcdefghijklmnop", "/k/…"],
      ["/k/pk_test_abcdefghijklmnop/x", "/k/…/x"],
      ["/k/phc_abcdefghijklmnopqrstuvwx", "/k/…"],
      ["/k/key=phx_abcdefghijklmnopqrstuvwx", "/k/…"],
      ["/k/sb_secret_abcdefghijklmnopqrst", "/k/…"],
      ["/k/whsec_abcdefghijklmnop", "/k/…"],
      ["/k/ghp_abcdefghijklmnopqrstuvwxyz0123456789", "/k/…"],
      ["/k/glpat-abcdefghijklmnopqrst", "/k/…"],
      ["/k/xoxb-abcdefghijklmnop", "/k/…"],
      ["/k/sk-proj-abcdefghijklmnop", "/k/…"],
      ["/k/AKIAIOSFODNN7EXAMPLE", "/k/…"],
      ["/x/cus_NffrFeUfNV2Hib", "/x/…"],
      ["/x/0123456789abcdef01234567", "/x/…"],
      ["/x/token:" + key, "/x/…"],
      ["/x/ann%40example.org", "/x/…"],
      ["/x/%2Bjohn%2540example.com", "/x/…"],
      ["/x/%2525252525252540", "/x/…"],
      ["/x/sk%5Flive%5Fabcdefghijklmnop", "/x/…"],
      ["/100%25/a%2525/%zz/%C3%BC", "/100%25/a%2525/%zz/%C3%BC"],
      ["/npm_config_registry/focus_area_selected", "/npm_config_registry/focus_area_selected"],
      ["/sub_categoryId/ask_live_questions/sk-SK", "/sub_categoryId/ask_live_questions/sk-SK"],
      ["/ASIA-PACIFIC/how-we-cut-latency-by-40-percent", "/ASIA-PACIFIC/how-we-cut-latency-by-40-percent"],
      ["/_next/chunk-BzK3x9Qa.js/9b00956e5", "/_next/chunk-BzK3x9Qa.js/9b00956e5"],
      ["http://[", undefined],
      [7, "/7"],
    ];
    for (const [url] of rows) {
      const posthog = t.requests.forRequest(client(t), { url, method: "GET\n" });
      await posthog.captureException("text");
    }
    const events = await arrived(t, rows.length);
    same(events.map(({ properties }) => properties.$request_path), rows.map(([, path]) => path));
    truthy(events.every(({ properties }) => properties.$request_method === undefined), "a method");
  },

  async "what a handler throws is reported with all of it, and thrown again"(t) {
    const [tasks, thrown] = [[], new TypeError("boom")];
    const context = { waitUntil: (task) => void tasks.push(task) };
    await t.project.faults({ mode: "slow", delayMs: 1500, times: 1 }, { mode: "none" });
    const caught = await t.requests.withRequest(client(t), request(), { context }, async (posthog) => {
      posthog.setDistinctId("user_1");
      posthog.setGroups([organization(t)]);
      await sleep(0);
      throw thrown;
    }).catch((error) => error);
    truthy(caught === thrown, "another error");
    same([tasks.length, (await t.project.state()).events.length], [1, 0], "it was waited for");
    await Promise.all(tasks);
    const [event, ...more] = await arrived(t, 1);
    same(more, []);
    same(told(event), {
      distinct_id: "user_1",
      $session_id: "0198c2f4-aaaa-7000",
      $request_id: "req-1",
      $request_method: "PUT",
      $request_path: "/orgs/o1",
      $groups: { organization: "org_1" },
    });
    const [{ type, value, mechanism }] = event.properties.$exception_list;
    same([type, value, mechanism.handled], ["TypeError", "boom", false]);
  },

  async "once, and only what is a fault"(t) {
    const names = [];
    const posthog = client(t, { logger: ({ events }) => names.push(...events.map(({ event }) => event)) });
    const rejected = async (thrown, options, before = () => {}) => {
      const caught = await t.requests.withRequest(posthog, request(), options, async (posthog) => {
        await before(posthog);
        throw thrown;
      }).then(() => "nothing", (error) => error);
      truthy(caught === thrown, "another error");
      await sleep(0);
    };
    const report = (error) => (posthog) => posthog.captureException(error);
    const own = new Error("reported by the handler");
    await rejected(own, {}, report(own));
    await rejected(new Response("", { status: 302 }));
    await rejected({ status: 404, body: {} });
    // As without it.
    await rejected({ status: 404, body: {} }, { captureErrors: true });
    await rejected(Object.assign(new Error("NEXT_REDIRECT"), { digest: "NEXT_REDIRECT;replace;/;307;" }));
    await rejected(new Error("unwanted"), { captureErrors: false });
    await rejected(new Error("unwanted"), { captureErrors: ({ message }) => message === "wanted" });
    await rejected(new Error("of a rule that throws"), {
      captureErrors() {
        throw new Error("hostile");
      },
    });
    await rejected(new Error("wanted"), { captureErrors: ({ message }) => message === "wanted" });
    await rejected(Object.assign(new Error("an API's"), { status: 404 }));
    await rejected("text");
    await rejected(undefined);
    const events = await arrived(t, 6);
    same(events.map(({ properties }) => properties.$exception_list[0].value), [
      "reported by the handler",
      "of a rule that throws",
      "wanted",
      "an API's",
      "text",
      "A value was thrown of type undefined",
    ]);
  },

  async "what a handler returns is what comes back, untouched"(t) {
    const response = new Response("ok", { headers: { a: "b" } });
    const same1 = await t.requests.withRequest(client(t), request(), () => response);
    truthy(same1 === response && !response.bodyUsed && !response.body.locked, "the response was touched");
    same(await t.requests.withRequest(client(t), request(), undefined, () => 7), 7);
    const asked = request(ofBrowser, "http://h.test/", { body: "text" });
    same(await t.requests.withRequest(client(t), asked, () => asked.text()), "text");
    same((await t.project.state()).requests.length, 0);
  },

  async "all calls are handed to the request's context"(t) {
    const [tasks, own] = [[], []];
    const posthog = t.requests.forRequest(client(t), request(), {
      context: { waitUntil: (task) => void tasks.push(task) },
    });
    posthog.capture({ event: "A" });
    posthog.groupIdentify({ group: organization(t), properties: {} });
    posthog.capture({ event: "B" }, { context: { waitUntil: (task) => void own.push(task) } });
    const { status } = await posthog.capture({ event: "C" }, { budgetMs: "long" });
    same([tasks.length, own.length, status], [3, 1, "invalid"]);
    await Promise.all([...tasks, ...own]);
    await t.project.arrived(3);
  },

  async "without a context, they are handed to a runtime that needs none"(t) {
    const { EdgeRuntime } = globalThis;
    const tasks = [];
    globalThis.EdgeRuntime = { waitUntil: (task) => void tasks.push(task) };
    try {
      await t.requests.withRequest(client(t), request(), async (posthog) => {
        posthog.capture({ event: "A" });
        throw new Error("boom");
      }).catch(() => {});
      same(tasks.length, 2);
      await Promise.all(tasks);
    } finally {
      globalThis.EdgeRuntime = EdgeRuntime;
    }
    await t.project.arrived(2);
  },

  async "a batch knows the request too"(t) {
    const tasks = [];
    const context = { waitUntil: (task) => void tasks.push(task) };
    const posthog = t.requests.forRequest(client(t), request(), { context });
    posthog.setGroups([organization(t)]);
    const batch = posthog.batch();
    batch.capture({ event: "A" });
    batch.captureException(new Error("boom"));
    const { capture } = batch;
    const sent = capture({ event: "B", distinctId: "u" });
    same(tasks.length, 1);
    same((await batch.flush()).map(({ status }) => status), ["accepted", "accepted", "accepted"]);
    same((await sent).status, "accepted");
    const { events, requests } = await t.project.arrived(3);
    same(requests.length, 1);
    same(
      events.map((
        event,
      ) => [event.distinct_id, event.properties.$request_id, event.properties.$request_path]),
      [
        ["browser-1", "req-1", undefined],
        ["browser-1", "req-1", "/orgs/o1"],
        ["u", "req-1", undefined],
      ],
    );
    await batch[Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]();
  },

  async "replays, AI events and what waits in an outbox know it as well"(t) {
    const entries = [];
    const nothing = async () => [];
    const outbox = {
      put: async (given) => void entries.push(...given),
      claim: nothing,
      delete: nothing,
      retry: nothing,
      deadLetter: nothing,
    };
    const posthog = t.requests.forRequest(client(t), request(), { groups: [organization(t)] });
    await posthog.captureSnapshot({ events: [{ type: 4, data: {}, timestamp: 1 }] });
    await posthog.captureSnapshot({
      sessionId: "own",
      distinctId: "u",
      events: [{ type: 4, data: {}, timestamp: 1 }],
    });
    await posthog.captureAi({ event: "$ai_trace" });
    const { status } = await posthog.enqueue([{ kind: "capture", event: "A" }], outbox);
    const events = await arrived(t, 3);
    same(events.map((event) => [event.distinct_id, event.properties.$session_id]), [
      ["browser-1", "0198c2f4-aaaa-7000"],
      ["u", "own"],
      ["browser-1", "0198c2f4-aaaa-7000"],
    ]);
    same(told(events[2]).$groups, { organization: "org_1" });
    const { distinct_id, properties } = JSON.parse(entries[0].body);
    same([status, distinct_id, properties.$request_id, properties.$groups], [
      "queued",
      "browser-1",
      "req-1",
      { organization: "org_1" },
    ]);
  },

  async "flags are for whoever the request is, and are reported once for many requests"(t) {
    const detail = { key: "on", enabled: true, reason: {}, metadata: { id: 1, version: 1 } };
    const answer = JSON.stringify({ answer: { flags: { on: detail }, requestId: "r" } });
    await (await fetch(`${t.project.control}/flags`, { method: "POST", body: answer })).text();
    const [base, tasks] = [client(t), []];
    const context = { waitUntil: (task) => void tasks.push(task) };
    for (const _ of [1, 2]) {
      const posthog = t.requests.forRequest(base, request(), { groups: [organization(t)], context });
      const flags = await t.flags.evaluateFlags(posthog);
      same([flags.isEnabled("on"), flags.errors], [true, []]);
      await flags.reported();
      await posthog.capture({ event: "A", flags });
    }
    same(tasks.length, 3, "what the context was handed");
    const { events, requests } = await t.project.arrived(3);
    const asked = requests.filter(({ path }) => path.startsWith("/flags")).map(({ body }) =>
      JSON.parse(body)
    );
    same(
      asked.map(({ distinct_id, groups }) => [distinct_id, groups]),
      Array(2).fill([
        "browser-1",
        { organization: "org_1" },
      ]),
    );
    same(events.map(({ event }) => event), ["$feature_flag_called", "A", "A"]);
    same([told(events[0]).$session_id, told(events[0]).$request_id], ["0198c2f4-aaaa-7000", undefined]);
    same(events[1].properties["$feature/on"], true);
    const nobody = await t.flags.evaluateFlags(t.requests.forRequest(base, request({})), {
      defaults: { on: true },
    });
    same([nobody.errors[0].code, nobody.getFlag("on")], ["missing_distinct_id", true]);
  },

  async "it stands wherever a client does"(t) {
    const base = client(t);
    const posthog = t.requests.forRequest(base, request());
    truthy(posthog instanceof t.posthog.PostHog, "no PostHog");
    const { capture, setDistinctId } = posthog;
    setDistinctId("user_1");
    await capture({ event: "A" });
    // Of a request's client again, as within another middleware.
    const within = t.requests.forRequest(posthog, request({}), { properties: { a: 1 } });
    await within.capture({ event: "B", distinctId: "v" });
    await base.capture({ event: "C", distinctId: "w" });
    const events = await arrived(t, 3);
    same(events.map(({ distinct_id, properties }) => [distinct_id, properties.$session_id, properties.a]), [
      ["user_1", "0198c2f4-aaaa-7000", undefined],
      ["v", "0198c2f4-aaaa-7000", 1],
      ["w", undefined, undefined],
    ]);
  },

  async "within another request's client, that one says what this one does not"(t) {
    const [tasks, context] = [[], { waitUntil: (task) => void tasks.push(task) }];
    const outer = t.requests.forRequest(client(t), request(), { context, groups: [organization(t)] });
    outer.setDistinctId("user_1");
    const inner = t.requests.forRequest(outer, {});
    same([inner.distinctId, inner.requestId, inner.tracing], ["user_1", "req-1", outer.tracing]);
    inner.capture({ event: "A" });
    inner.track({ kind: "capture", event: "B" });
    inner.captureException("text");
    inner.identify({ properties: { plan: "pro" } });
    same(tasks.length, 4, "what the outer's context was handed");
    await Promise.all(tasks);
    const known = {
      distinct_id: "user_1",
      $session_id: "0198c2f4-aaaa-7000",
      $request_id: "req-1",
      $groups: { organization: "org_1" },
    };
    const events = (await arrived(t, 4)).map(told);
    same(events.slice(0, 3), [known, known, { ...known, $request_method: "PUT", $request_path: "/orgs/o1" }]);
    same(events[3].distinct_id, "user_1");
  },

  async "what the inner one of two says itself wins, but no header over the application"(t) {
    const base = client(t, { groupTypes: ["organization", "app"] });
    const outer = t.requests.forRequest(base, request(), { groups: [organization(t)] });
    const own = { [PERSON]: "browser-2", [SESSION]: "s-2", "X-Request-Id": "req-2" };
    const groups = [t.posthog.trusted("app", "app_1", "a test")];
    const inner = t.requests.forRequest(outer, request(own, "http://h.test/inner", { method: "GET" }), {
      groups,
    });
    await inner.captureException("text");
    outer.setDistinctId("user_1");
    await inner.capture({ event: "A" });
    inner.setDistinctId("user_2");
    await inner.capture({ event: "B" });
    const known = {
      $session_id: "s-2",
      $request_id: "req-2",
      $groups: { organization: "org_1", app: "app_1" },
    };
    same((await arrived(t, 3)).map(told), [
      { ...known, distinct_id: "browser-2", $request_method: "GET", $request_path: "/inner" },
      { ...known, distinct_id: "user_1" },
      { ...known, distinct_id: "user_2" },
    ]);
  },

  async "of two that know nobody, events go where those of the outer one go"(t) {
    const outer = t.requests.forRequest(client(t), request({}));
    const inner = t.requests.forRequest(outer, request({}));
    await outer.capture({ event: "A" });
    await inner.capture({ event: "B" });
    const [a, b] = (await arrived(t, 2)).map(told);
    same(a, b);
    outer.setGroups([organization(t)]);
    same((await inner.capture({ event: "C" })).warnings, []);
    same(told((await arrived(t, 3))[2]).distinct_id, "org_1");
  },

  async "flags of the inner one of two are for whoever the outer one is"(t) {
    const outer = t.requests.forRequest(client(t), request({}), { groups: [organization(t)] });
    outer.setDistinctId("user_1");
    await t.flags.evaluateFlags(t.requests.forRequest(outer, request({})));
    const { requests } = await t.project.state();
    const [{ distinct_id, groups }] = requests.map(({ body }) => JSON.parse(body));
    same([distinct_id, groups], ["user_1", { organization: "org_1" }]);
  },

  async "an AsyncLocalStorage of the caller's has it"(t) {
    let store;
    const storage = {
      run(given, callback) {
        store = given;
        return callback();
      },
    };
    await t.requests.withRequest(client(t), request(), { storage }, async (posthog) => {
      truthy(store === posthog, "another client");
    });
    for (const storage of [7, {}, hostile("run")]) {
      same(await t.requests.withRequest(client(t), request(), { storage }, () => "ok"), "ok");
    }
  },

  async "bad input costs what it is about, and throws nothing"(t) {
    const [warnings, lines] = [[], []];
    const base = client(t, { onWarning: ({ code, field }) => warnings.push([code, field]) });
    const { warn } = console;
    console.warn = (...line) => lines.push(line.join(" "));
    const options = hostile(
      "context",
      "distinctId",
      "groups",
      "properties",
      "requestId",
      "captureErrors",
      "storage",
    );
    for (
      const asked of [undefined, null, 7, {}, hostile("headers", "url", "method"), {
        headers: hostile("get"),
      }]
    ) {
      const posthog = t.requests.forRequest(base, asked, options);
      same([posthog.distinctId, posthog.tracing], [undefined, {}]);
      await posthog.captureException("text");
    }
    const posthog = t.requests.forRequest(base, request());
    posthog.setDistinctId(7);
    posthog.setGroups("org_1");
    posthog.setGroups([organization(t), "org_2", { type: "organization", key: "org_3" }, hostile("type")]);
    const none = [hostile("a"), "a", 7, () => {}, ["a"], new Map(), new Date(0), hostile(Symbol.toStringTag)];
    for (const properties of none) posthog.setProperties(properties);
    console.warn = warn;
    // It has a logger.
    same(lines, []);
    const given = [
      undefined,
      null,
      7,
      [],
      hostile("event"),
      { event: "A", properties: "text" },
      { event: "A", properties: hostile("a") },
      { event: "A", groups: "org_1" },
      { event: "A", groups: [{ type: "organization", key: "org_3" }] },
      { event: "A", groups: [hostile("type")] },
    ];
    for (const input of given) {
      const { status } = await posthog.capture(input, hostile("context"));
      same([status, JSON.stringify(status)], ["invalid", '"invalid"']);
    }
    same(
      (await posthog.track([hostile("kind"), { kind: "capture", event: "B" }])).events.map(({ status }) =>
        status
      ),
      [
        "invalid",
        "accepted",
      ],
    );
    await posthog.captureException("text", null);
    const events = await arrived(t, 8);
    same(told(events[6]).$groups, { organization: "org_1" });
    same(events[6].distinct_id, "browser-1");
    truthy(!("0" in events[6].properties), "an array's elements");
    same(warnings.filter(([, field]) => field !== undefined && !/events|properties\./.test(field)), [
      ["invalid_type", "distinctId"],
      ["invalid_type", "groups"],
      ["unverified_group", "groups"],
      ["invalid_type", "properties"],
    ]);
  },

  async "without a client, handlers run all the same"(t) {
    const { warn } = console;
    const lines = [];
    console.warn = (...line) => lines.push(line.join(" "));
    try {
      for (const none of [undefined, null, 7, {}, hostile("capture")]) {
        const calls = [
          (posthog) => posthog.capture({ event: "A" }),
          (posthog) => posthog.captureAi({ event: "$ai_trace" }),
          (posthog) => posthog.enqueue([]),
          (posthog) => posthog.drain(),
          (posthog) => posthog.batch().capture({ event: "A" }),
        ];
        for (const call of calls) {
          const { status, error } = await t.requests.withRequest(none, request(), call);
          same([status, error.code, error.field], ["invalid", "invalid_config", "client"]);
        }
      }
    } finally {
      console.warn = warn;
    }
    same(lines, ['posthog-wasm {"warnings":["invalid_config client: is no PostHog"]}']);
  },

  async "nothing that is given makes a method throw"(t) {
    const revoked = (of) => {
      const { proxy, revoke } = Proxy.revocable(of, {});
      revoke();
      return proxy;
    };
    const thrower = new Proxy([], {
      get() {
        throw new Error("hostile");
      },
    });
    const posthog = t.requests.forRequest(client(t), request());
    const input = revoked({});
    for (const name of ["capture", "captureAi", "identify", "alias", "captureSnapshot"]) {
      same((await posthog[name](input)).status, "invalid", name);
    }
    same((await posthog.captureException(new Error("x"), input)).status, "invalid");
    const odd = Object.assign([], { map: () => 5 });
    same((await posthog.track(odd)).status, "skipped");
    for (const groups of [revoked([]), thrower]) posthog.setGroups(groups);
    const batch = posthog.batch();
    batch.capture(input);
    same((await batch.flush()).map(({ status }) => status), ["invalid"]);
    const hostile = t.requests.forRequest(thrower, request());
    same((await hostile.capture({ event: "E" })).status, "invalid");
    // What was found is told although what fetch threw cannot be read.
    const fetch = () => Promise.reject({ code: Symbol("hostile") });
    const claimed = request({ "x-posthog-distinct-id": "victim" });
    const sent = await t.requests.forRequest(client(t, { fetch }), claimed).capture({
      event: "E",
      set: { a: 1 },
    });
    same([sent.status, sent.warnings.map(({ code }) => code)], ["unreachable", ["missing_distinct_id"]]);
  },
};
