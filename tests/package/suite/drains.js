// Drains: what waits in an outbox arrives, is put back, or is set aside.
import { client, Project, same, sleep, truthy } from "./check.js";
import { EVENT, KEY, many, memoryStore, withOutbox } from "./store.js";

export const tests = {
  async "what does not arrive is queued, and a drain delivers the same bytes"(t) {
    for (const write of ["before_send", "on_failure"]) {
      for (
        const fault of [{ mode: "status", status: 503 }, { mode: "reset" }, { mode: "hang" }, {
          mode: "status",
          status: 429,
        }]
      ) {
        await (await fetch(`${t.project.control}/reset`, { method: "POST" })).text();
        await t.project.faults(fault);
        const { store, posthog } = withOutbox(t, write);
        const event = { ...EVENT, properties: { a: '"\u0000\u2028\ud83d\ude00' } };
        const outcome = await posthog.capture(event, fault.mode === "hang" ? { budgetMs: 600 } : {});
        same([outcome.status, outcome.ok, outcome.events[0].status, outcome.providers.posthog.status], [
          "queued",
          true,
          "queued",
          "queued",
        ], JSON.stringify([write, fault]));
        truthy(outcome.attempts === 1 && outcome.elapsedMs < 4000, JSON.stringify(outcome));
        const [first] = (await t.project.state()).requests;
        truthy(!JSON.stringify([...store.rows.values()]).includes(KEY), "a key in the outbox");
        await t.project.faults();
        store.ripen();
        const drained = await posthog.drain();
        same([drained.status, drained.ok, drained.accepted, drained.more, drained.attempts], [
          "accepted",
          true,
          1,
          false,
          1,
        ]);
        same(store.rows.size, 0);
        const { events, requests } = await t.project.arrived(1);
        same(events[0].uuid, outcome.events[0].uuid);
        if (first?.body) same(requests.at(-1).body, first.body, "the same bytes");
      }
    }
  },

  async "a replay and LogSnag wait too, without key or token"(t) {
    const store = memoryStore();
    const logsnag = { token: "secret_token", project: "p", host: t.project.host };
    const posthog = client(t, { outbox: { store, write: "on_failure" }, logsnag });
    await t.project.faults({ mode: "status", status: 503 });
    same(
      (await posthog.captureSnapshot({ sessionId: "s-1", distinctId: "u", events: [{ type: 4 }] })).status,
      "queued",
    );
    const outcome = await posthog.track({ ...many(1)[0], channel: "c" });
    same([outcome.status, outcome.providers.logsnag.status], ["queued", "queued"]);
    same(store.alive().map(({ target }) => target), ["replay", "posthog", "logsnag"]);
    const kept = JSON.stringify([...store.rows.values()]);
    truthy(!kept.includes(KEY) && !kept.includes("secret_token"), "a key in the outbox");
    await t.project.faults();
    store.ripen();
    same((await posthog.drain()).accepted, 3);
    const { requests } = await t.project.arrived(2);
    const sent = requests.slice(-3);
    same(sent.map(({ path }) => path).sort(), ["/batch/", "/s/", "/v1/log"]);
    same(sent.find(({ path }) => path === "/v1/log").headers.authorization, "Bearer secret_token");
    truthy(sent.find(({ path }) => path === "/s/").body.includes(`"token":"${KEY}"`), "the replay's key");
  },

  async "one bad event does not take the others with it"(t) {
    const { store, posthog } = withOutbox(t, "on_failure");
    await t.project.faults({ mode: "status", status: 400 });
    const outcome = await posthog.track(many(9));
    same([outcome.status, store.alive().length], ["queued", 9]);
    // PostHog refuses a whole batch for one event whose uuid is none.
    const bad = store.alive()[5];
    bad.body = bad.body.replace(/"uuid":"[^"]*"/, '"uuid":"evt_1"');
    const broken = store.alive()[2];
    broken.body = broken.body.slice(0, 20);
    await t.project.faults();
    store.ripen();
    const drained = await posthog.drain();
    same([drained.accepted, drained.deadLettered, drained.retried, drained.status, drained.ok], [
      7,
      2,
      0,
      "rejected",
      false,
    ]);
    same(store.dead().map(({ id }) => id).sort(), [bad.id, broken.id].sort());
    const { events } = await t.project.arrived(7);
    same(events.map(({ event }) => event), ["E0", "E1", "E3", "E4", "E6", "E7", "E8"]);
  },

  async "a drain that fails puts back, longer each time, and buries at last"(t) {
    const { store, posthog } = withOutbox(t, "on_failure");
    await t.project.faults({ mode: "status", status: 503 });
    await posthog.track(many(3));
    const waits = [];
    for (let tries = 1; tries <= 4; tries++) {
      store.ripen();
      const before = Date.now();
      const drained = await posthog.drain(store, { maxTries: 5 });
      same([drained.status, drained.httpStatus, drained.retried, drained.accepted], [
        "unreachable",
        503,
        3,
        0,
      ]);
      waits.push(Math.max(...store.alive().map(({ due }) => due - before)));
      same(store.alive().map((row) => row.tries), [tries, tries, tries]);
    }
    waits.forEach((wait, at) => {
      const longest = 30_000 * 2 ** at;
      truthy(wait > longest * 0.45 && wait < longest + 5000, `${at}: ${wait}`);
    });
    same((await posthog.drain()).attempts, 0, "nothing is due");
    store.ripen();
    same((await posthog.drain(store, { maxTries: 5 })).deadLettered, 3);
    same([store.alive().length, store.dead()[0].reason], [0, "HTTP 503"]);
    const { error } = await posthog.drain(store, { maxTries: 0 });
    same([error.code, error.field], ["invalid_config", "maxTries"]);
  },

  async "several hundred, by several drains at once: oldest first, each once"(t) {
    const { store, posthog } = withOutbox(t, "on_failure");
    for (let at = 0; at < 5; at++) {
      same(
        (await posthog.enqueue(many(70).map((event) => ({ ...event, event: `${at}-${event.event}` }))))
          .status,
        "queued",
      );
    }
    same([store.alive().length, (await t.project.state()).requests.length], [350, 0]);
    const drains = await Promise.all([posthog.drain(), posthog.drain(), posthog.drain()]);
    same(drains.reduce((sum, { accepted }) => sum + accepted, 0), 350);
    same(store.rows.size, 0);
    const { events, distinct } = await t.project.arrived(350);
    same([new Set(events.map(({ uuid }) => uuid)).size, distinct], [350, 350]);
    const alone = withOutbox(t, "on_failure");
    await alone.posthog.enqueue(many(150));
    const before = (await t.project.state()).events.length;
    same((await alone.posthog.drain()).accepted, 150);
    const { events: after } = await t.project.arrived(before + 150);
    same(after.slice(before).map(({ event }) => event), many(150).map(({ event }) => event));
  },

  async "LogSnag being down keeps nothing from PostHog"(t) {
    const store = memoryStore();
    const logsnag = { token: "secret_token", project: "p", host: `${t.project.host}-down` };
    const posthog = client(t, { outbox: { store, write: "on_failure" }, logsnag });
    await fetch(t.project.control.replace(/$/, "-down/faults"), {
      method: "POST",
      body: '{"mode":"status","status":503}',
    });
    await posthog.enqueue(many(120).map((event) => ({ ...event, channel: "c" })));
    same(store.alive().length, 240);
    const drained = await posthog.drain();
    same([drained.accepted, drained.status], [120, "unreachable"]);
    same(new Set(store.alive().map(({ target }) => target)).size, 1);
    await t.project.arrived(120);
  },

  async "replays that are refused, or LogSnag that hangs, keep no event from PostHog"(t) {
    const store = memoryStore();
    const logsnag = { token: "t", project: "p", host: "https://logsnag.invalid" };
    const split = (url, init) => {
      if (url.endsWith("/s/")) return Promise.resolve(new Response("no", { status: 404 }));
      return url.includes("logsnag") ? new Promise(() => {}) : fetch(url, init);
    };
    const posthog = client(t, { outbox: { store, write: "before_send" }, logsnag, fetch: split });
    const snapshot = { sessionId: "s-1", distinctId: "u", events: [{ type: 4 }] };
    same((await posthog.captureSnapshot(snapshot)).status, "rejected");
    await posthog.enqueue([{ ...many(1)[0], channel: "c" }, ...many(250)]);
    store.ripen();
    const drained = await posthog.drain(undefined, { budgetMs: 4000, maxTries: 2 });
    same([drained.accepted, drained.retried, drained.deadLettered, drained.status, drained.more], [
      251,
      2,
      0,
      "timed_out",
      true,
    ]);
    same(store.alive().map(({ target, tries }) => [target, tries]), [["replay", 1], ["logsnag", 1]]);
    await t.project.arrived(251);
  },

  async "what nobody tried is not counted as tried"(t) {
    const { store, posthog } = withOutbox(t, "on_failure");
    for (let calls = 0; calls < 3; calls++) {
      await posthog.enqueue(
        many(5).map((event) => ({ ...event, properties: { text: "x".repeat(890_000) } })),
      );
    }
    await t.project.faults({ mode: "slow", delayMs: 900 });
    // Of eight requests, four are in flight; the others cannot be begun in time.
    const drained = await posthog.drain(undefined, { budgetMs: 450, maxTries: 1 });
    truthy(drained.deadLettered < 15 && drained.more, JSON.stringify(drained));
    truthy(store.alive().every(({ tries }) => tries === 0), "counted");
    const aborted = withOutbox(t, "on_failure");
    await aborted.posthog.enqueue(many(2));
    await t.project.faults({ mode: "hang" });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    same((await aborted.posthog.drain(undefined, { signal: controller.signal })).status, "aborted");
    same(aborted.store.alive().map(({ tries }) => tries), [0, 0]);
    // Nor is what this client is not set up for.
    const announced = memoryStore();
    const logsnag = { token: "t", project: "p", host: t.project.host };
    await t.project.faults();
    await client(t, { logsnag }).enqueue({ ...many(1)[0], channel: "c" }, announced);
    const without = await client(t).drain(announced, { maxTries: 1 });
    same([without.accepted, without.deadLettered, without.ok, without.more], [1, 0, true, false]);
    const left = ["not_configured", "logsnag"];
    same(without.warnings.map(({ code, field }) => [code, field]).slice(-1), [left]);
    same(announced.alive().map(({ target, tries }) => [target, tries]), [["logsnag", 0]]);
    const { drainOutbox } = t.drains;
    const fieldsLeft = async (options) => {
      announced.ripen();
      return (await drainOutbox(announced, { logger() {}, ...options })).warnings.map((
        { code, field },
      ) => [code, field]);
    };
    const wrong = { apiKey: KEY, host: t.project.host, logsnag: { token: "t" } };
    same(await fieldsLeft(wrong), [["invalid_config", "logsnag.project"]]);
    await client(t).enqueue(many(1), announced);
    const keyless = { apiKey: "", logsnag: { ...logsnag, host: "http://127.0.0.1:9999" } };
    same(await fieldsLeft(keyless), [["not_configured", "apiKey"]]);
  },

  async "a slow LogSnag is not cut off, and takes a share of the time only"(t) {
    const store = memoryStore();
    const logsnag = { token: "t", project: "p", host: "https://logsnag.invalid" };
    const told = [];
    const slow = async (url, init) => {
      if (!url.includes("logsnag")) return await fetch(url, init);
      await sleep(150);
      told.push(JSON.parse(init.body).event);
      return new Response("{}");
    };
    const posthog = client(t, { logsnag, fetch: slow });
    await posthog.enqueue(many(60).map((event) => ({ ...event, channel: "c" })), store);
    const drained = await posthog.drain(store, { budgetMs: 2500 });
    same([drained.ok, drained.status, drained.retried, drained.more], [true, "accepted", 0, true]);
    truthy(told.length >= 2 && told.length < 60, `${told.length} announcements`);
    same(store.alive().length, 60 - told.length, "what was told is gone, and nothing else");
    truthy(store.alive().every(({ tries }) => tries === 0), "counted");
    for (let rounds = 0; store.alive().length > 0 && rounds < 20; rounds++) {
      store.ripen();
      await posthog.drain(store, { budgetMs: 2500 });
    }
    same([told.length, new Set(told).size], [60, 60], "each once");
  },

  async "a store that fails is not PostHog's silence"(t) {
    const store = memoryStore();
    await client(t).enqueue(many(1), store);
    const words = "posthog_outbox: key phs_abcdefghijklmnop0123 of j@acme.io at postgres://u:pw@db/x";
    const down = () => Promise.reject(new Error(words));
    const drained = await client(t).drain({ ...store, delete: down });
    same([drained.status, drained.error.code, drained.cause ?? null], ["unreachable", "outbox_failed", null]);
    const { message } = drained.error;
    same(drained.message, message);
    truthy(
      /^threw: posthog_outbox: key \[redacted\] of \[redacted\] at (postgres:\/\/)?\[redacted\]/.test(
        message,
      ),
      message,
    );
  },

  async "what a server says is kept without what a database cannot take"(t) {
    for (const status of [400, 401]) {
      const store = memoryStore();
      const nul = async () => new Response("a\u0000b\nc", { status });
      const posthog = client(t, { fetch: nul });
      await posthog.enqueue(many(1), store);
      await posthog.drain(store);
      same([...store.rows.values()].map(({ reason }) => reason), [`HTTP ${status} abc`]);
    }
  },

  async "entries of another version are put back, and those behind them arrive"(t) {
    const { store, posthog } = withOutbox(t, "on_failure");
    const strange = Array.from(
      { length: 100 },
      (_, at) => ({ id: `id-${at}`, target: "mixpanel", body: "{}" }),
    );
    await store.put(strange, 0);
    await posthog.enqueue(many(1));
    const drained = await posthog.drain(undefined, { maxTries: 2 });
    same([drained.accepted, drained.retried, drained.ok], [1, 100, false]);
    store.ripen();
    same((await posthog.drain(undefined, { maxTries: 2 })).deadLettered, 100);
    same(store.dead()[0].reason, "has a target that this version does not know");
  },

  async "a drain counts what the store has acknowledged, and reads what drivers make of a row"(t) {
    const met = { delete: 200, retry: 503, deadLetter: 400 };
    await Promise.all(
      Object.entries(met).map(async ([method, status]) => {
        const project = new Project(t.receiver, `${t.name}-${method}`);
        const { store, posthog } = withOutbox({ ...t, project }, "on_failure");
        await posthog.enqueue(many(1));
        await project.faults({ mode: "status", status });
        const drained = await posthog.drain({ ...store, [method]: () => new Promise(() => {}) }, {
          budgetMs: 2000,
        });
        same([drained.accepted, drained.retried, drained.deadLettered, drained.more, drained.error?.code], [
          0,
          0,
          0,
          true,
          "outbox_failed",
        ], method);
      }),
    );
    const { store, posthog } = withOutbox(t, "on_failure");
    await posthog.enqueue(many(2));
    const [one, two] = store.alive();
    let lends = 1;
    const rows = [null, { ...one, tries: 3n }, 5, { ...two, body: JSON.parse(two.body), tries: "2" }];
    const drained = await posthog.drain({ ...store, claim: async () => lends-- > 0 ? rows : [] });
    same([drained.accepted, drained.status, store.rows.size], [2, "accepted", 0]);
  },

  async "a store that throws, hangs or lies costs the outbox only"(t) {
    const bad = {
      throws: () => {
        throw new Error("phc_test is the key");
      },
      rejects: () => Promise.reject(new Error("no")),
      hangs: () => new Promise(() => {}),
      late: () => sleep(2400),
    };
    // None waits for another; each has its client and its store.
    const each = (check) => Promise.all(Object.entries(bad).map(check));
    for (const write of ["before_send", "on_failure"]) {
      // Its answers are at once: what the store leaves of the budget is enough.
      const capture = (method, status) => {
        const store = { ...memoryStore(), put: method, delete: method };
        const fetch = async () => new Response("{}", { status });
        return client(t, { outbox: { store, write }, budgetMs: 900, fetch }).capture(EVENT);
      };
      await each(async ([name, method]) => {
        const fine = await capture(method, 200);
        same([fine.status, fine.ok], ["accepted", true], `${write} ${name}`);
        same(fine.warnings.map(({ code }) => code), write === "before_send" ? ["outbox_failed"] : [], name);
        truthy(fine.elapsedMs < 4000, `${name}: ${fine.elapsedMs} ms`);
      });
      await each(async ([name, method]) => {
        const lost = await capture(method, 503);
        same([lost.status, lost.ok], ["unreachable", false], `${write} ${name}`);
        truthy(lost.elapsedMs < 4000, `${name}: ${lost.elapsedMs} ms`);
        truthy(!JSON.stringify(lost.warnings).includes("phc_test"), "a secret");
      });
    }
    const answers = [undefined, null, 5, "x", [null], [{}], [5], [{ id: 1, target: "posthog", body: 7 }], [{
      get id() {
        throw new Error("no");
      },
    }]];
    for (const answer of answers) {
      const store = { ...memoryStore(), claim: async () => answer };
      const drained = await client(t).drain(store, { budgetMs: 500 });
      truthy(["accepted", "unreachable", "rejected"].includes(drained.status), JSON.stringify(drained));
    }
    for (const method of ["claim", "delete", "retry"]) {
      await t.project.faults(...(method === "retry" ? [{ mode: "status", status: 503 }] : []));
      await each(async ([name, work]) => {
        const store = memoryStore();
        const posthog = client(t, { budgetMs: 2000 });
        await posthog.enqueue(many(2), store);
        const drained = await posthog.drain({ ...store, [method]: work });
        same([drained.ok, drained.error?.code], [false, "outbox_failed"], `${method} ${name}`);
        truthy(drained.elapsedMs < 4000, `${drained.elapsedMs} ms`);
      });
    }
  },

  async "the caller's signal, no key, disabled, wrong options"(t) {
    const store = memoryStore();
    await t.project.faults({ mode: "hang" });
    const abort = (ms) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), ms);
      return controller.signal;
    };
    const before = client(t, { outbox: { store, write: "before_send" } });
    same((await before.capture(EVENT, { signal: abort(100) })).status, "queued");
    same(store.alive().length, 1);
    const after = client(t, { outbox: { store: memoryStore(), write: "on_failure" } });
    same((await after.capture(EVENT, { signal: abort(100) })).status, "aborted");
    store.ripen();
    same((await before.drain(store, { signal: abort(100) })).status, "aborted");
    for (
      const [options, reason] of [[{ disabled: true }, "disabled"], [{ host: undefined }, undefined]]
    ) {
      const posthog = reason ? client(t, options) : new t.posthog.PostHog(undefined, { logger: () => {} });
      same((await posthog.drain(store)).reason, reason ?? "not_configured");
      same((await posthog.enqueue(many(1), store)).reason, reason ?? "not_configured");
    }
    for (
      const [outbox, field] of [
        [{ store: {}, write: "before_send" }, "outbox.store"],
        [{ write: "before_send" }, "outbox.store"],
        [{ store, write: "sometimes" }, "outbox.write"],
        [{ store }, "outbox.write"],
      ]
    ) {
      const { status, error } = await client(t, { outbox }).capture(EVENT);
      same([status, error.code, error.field], ["invalid", "invalid_config", field]);
    }
    same((await client(t).drain()).error.field, "outbox.store");
  },

  async "a drain alone finds its key in a Worker's env, and tells its logger"(t) {
    const store = memoryStore();
    await client(t).enqueue(many(2), store);
    const told = [];
    const env = { POSTHOG_API_KEY: "phc_test", POSTHOG_API_HOST: t.project.host };
    const { drainOutbox } = t.drains;
    const drained = await drainOutbox(store, { env, logger: (drained) => told.push(drained) });
    same([drained.status, drained.accepted, told.length, told[0] === drained], ["accepted", 2, 1, true]);
    const logger = () => {
      throw new Error("no");
    };
    const unconfigured = await drainOutbox(store, { env: { POSTHOG_API_KEY: "" }, apiKey: "", logger });
    same([unconfigured.status, unconfigured.reason], ["skipped", "not_configured"]);
    const odd = {
      get env() {
        throw new Error("no");
      },
    };
    same((await drainOutbox(undefined, { ...alone(t) })).error?.code, "invalid_config");
    same((await drainOutbox(store, odd)).error?.field, "options");
    const { error } = await drainOutbox(store, { ...alone(t), protocol: "v1" });
    same([error.code, error.field], ["invalid_config", "protocol"]);
    truthy(error.message.includes("posthog-wasm/full"), error.message);
  },

  async "a drain's misspelt option is named, and what must be a function is one"(t) {
    const { drainOutbox } = t.drains;
    const named = ({ status, warnings }) => [
      status,
      warnings.map(({ code, field, message }) => [code, field, /mean `([\w.]+)`/.exec(message)?.[1]]),
    ];
    const store = memoryStore();
    const logsnag = { token: "t", project: "p", hots: "h" };
    const given = { ...alone(t), host: t.project.host, budgetMS: 5, maxTires: 3, logsnag };
    same(named(await drainOutbox(store, given)), ["accepted", [
      ["unknown_option", "logsnag.hots", "logsnag.host"],
      ["unknown_option", "budgetMS", "budgetMs"],
      ["unknown_option", "maxTires", "maxTries"],
    ]]);
    const posthog = new t.posthog.PostHog("phc_test", { host: t.project.host, logger: () => {}, retries: 1 });
    const [client, call] = named(await posthog.drain(store, { maxTires: 3 }))[1].slice(-2);
    same([client[1], call], ["retries", ["unknown_option", "maxTires", "maxTries"]]);
    same(named(await posthog.drain(store, { budgetMs: "5" })), ["invalid", [client]]);
    for (const options of ["eu", 5, [], true]) {
      same((await drainOutbox(store, options)).error.field, "options");
    }
    for (const name of ["fetch", "logger"]) {
      const { error } = await drainOutbox(store, { ...alone(t), [name]: 5 });
      same([error.code, error.field, error.message], ["invalid_type", name, "must be a function"]);
    }
  },
};

const alone = (t) => ({ apiKey: "phc_test", host: t.project.host, logger: () => {} });
