// What people are told: names, causes and hints, in outcomes, warnings and on the console.
import { client, same, truthy } from "./check.js";

const EVENT = { event: "Ping", distinctId: "u" };

/** What is written on the console meanwhile. */
async function printed(work) {
  const lines = [];
  const { log, warn } = console;
  console.log = console.warn = (...words) => void lines.push(words.join(" "));
  try {
    await work();
    await Promise.resolve();
  } finally {
    Object.assign(console, { log, warn });
  }
  return lines.map((line) => JSON.parse(line.replace(/^posthog-wasm /, "")));
}

const loud = (t, options) =>
  new t.posthog.PostHog("phc_test", { host: t.project.host, maxRetries: 0, ...options });
const throwing = (error) => ({ fetch: () => Promise.reject(error), maxRetries: 0 });

/** An error with these members. */
const failing = (message, members = {}) => Object.assign(new TypeError(message), members);

export const tests = {
  async "every event of an outcome has its name"(t) {
    const posthog = client(t, { before_send: (event) => (event.event === "Dropped" ? null : event) });
    const group = t.posthog.trusted("organization", "org_1", "row");
    const names = async (call) => (await call).events.map(({ event, status }) => [event, status]);
    for (
      const [call, expected] of [
        [posthog.capture(EVENT), ["Ping", "accepted"]],
        [posthog.capture({ ...EVENT, event: 'Ж😀"\n' }), ['Ж😀"\n', "accepted"]],
        [posthog.capture({ ...EVENT, event: "Dropped" }), ["Dropped", "skipped"]],
        [posthog.capture({ event: "Nobody" }), ["Nobody", "invalid"]],
        [posthog.capture({ ...EVENT, properties: { n: 1n } }), ["Ping", "invalid"]],
        [posthog.capture({ ...EVENT, properties: { x: "x".repeat(2_000_000) } }), ["Ping", "invalid"]],
        [posthog.capture({ ...EVENT, event: "x".repeat(1_000_000) }), ["x".repeat(200), "invalid"]],
        [posthog.capture(undefined), ["", "invalid"]],
        [posthog.groupIdentify({ group, properties: {} }), ["$groupidentify", "accepted"]],
        [posthog.groupIdentify({ properties: {} }), ["$groupidentify", "invalid"]],
        [posthog.identify({ distinctId: "u" }), ["$identify", "accepted"]],
        [posthog.alias({ distinctId: "u", alias: "v" }), ["$create_alias", "accepted"]],
        [posthog.captureException(new Error("x"), "u"), ["$exception", "accepted"]],
        [client(t, { host: "nowhere" }).capture(EVENT), ["Ping", "invalid"]],
      ]
    ) same(await names(call), [expected]);
    const events = [{ kind: "capture", event: "A" }, { kind: "capture", ...EVENT }, {
      kind: "group_identify",
    }];
    same(await names(posthog.track(events)), [
      ["A", "invalid"],
      ["Ping", "accepted"],
      ["$groupidentify", "invalid"],
    ]);
  },

  async "a misspelt field is named, with what was meant"(t) {
    const of = async (input, method = "capture") => {
      const { warnings } = await client(t)[method](input);
      return warnings.map(({ code, field, message }) => [
        code,
        field,
        /did you mean `(\w+)`\?$/.exec(message)?.[1],
      ]);
    };
    const meant = (field, name) => [["unknown_field", field, name]];
    same(await of({ ...EVENT, propertes: { a: 1 } }), meant("propertes", "properties"));
    same(await of({ event: "Ping", distinct_id: "u" }), meant("distinct_id", "distinctId"));
    same(await of({ ...EVENT, group: undefined, Groups: [] }), meant("Groups", "groups"));
    same(await of({ ...EVENT, sendFeatureFlags: true }), meant("sendFeatureFlags"));
    same(await of({ distinctId: "u", email: "a@b.co" }, "identify"), meant("email"));
    same(await of({ distinctId: "u", $set: {} }, "identify"), meant("$set"));
    // LogSnag is told of what `track` is given.
    const announced = { channel: "c", icon: "i", notify: true, description: "d", notification: null };
    same(await of({ ...EVENT, ...announced }), Object.keys(announced).flatMap((name) => meant(name)));
    same(
      await of({ kind: "capture", ...EVENT, ...announced, chanel: "c" }, "track"),
      meant("chanel", "channel"),
    );
    const nested = await client(t).identify({ distinctId: "u", properties: { $set: { email: "a@b.co" } } });
    same([nested.status, nested.error.code, nested.error.field], ["invalid", "reserved_name", "properties"]);
    same(await of({ groupType: "organization", groupKey: "o", properties: {} }, "groupIdentify"), [
      ...meant("groupType"),
      ...meant("groupKey"),
    ]);
  },

  async "what was found when an event was made is told of a refused one too"(t) {
    const found = [{ code: "unknown_status", field: "row.status", message: "says nothing" }];
    const { status, warnings } = await client(t).track({ kind: "capture", event: "E", warnings: found });
    same([status, warnings], ["invalid", found]);
  },

  async "a misspelt option is named, and nothing else is lost"(t) {
    const of = (outcome) =>
      outcome.warnings.map(({ code, field, message }) => [code, field, /mean `([\w.]+)`/.exec(message)?.[1]]);
    const posthog = client(t, { budgetms: 5, flushAt: 1, privacy: { alow: {} } });
    const outcome = await posthog.capture(EVENT);
    same(outcome.status, "accepted");
    same(of(outcome), [
      ["unknown_option", "budgetms", "budgetMs"],
      ["unknown_option", "flushAt", undefined],
      ["unknown_option", "privacy.alow", "privacy.allow"],
    ]);
    same(of(await client(t).capture(EVENT, { budget: 1, contxt: {} })), [
      ["unknown_option", "budget", "budgetMs"],
      ["unknown_option", "contxt", "context"],
    ]);
    // As posthog-node has it: properties are its third argument.
    const options = {
      path: "/x",
      ...Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`p${at}`, 1])),
    };
    same((await client(t).captureException(new Error("x"), "u", options)).warnings.length, 5);
    const env = { POSTHOG_API_KEY: "phc_test", POSTHOG_API_HOST: t.project.host };
    for (const options of ["eu", 5, [], true, () => {}]) {
      same((await t.posthog.PostHog.fromEnv(env, options).capture(EVENT)).error?.field, "options");
    }
    for (
      const [options, what] of [["eu", "a string"], [5, "a number"], [[], "an array"], [() => {}, "null"]]
    ) {
      const { status, error } = await new t.posthog.PostHog("phc_test", options).capture(EVENT);
      same([status, error.field, error.message], ["invalid", "options", `must be an object, not ${what}`]);
    }
  },

  async "a failed request has its cause, in every runtime's spelling"(t) {
    const host = new URL(t.project.host).host;
    const node = (code, message = "") =>
      failing("fetch failed", { cause: Object.assign(new Error(message), { code }) });
    const both = failing("fetch failed", {
      cause: Object.assign(new AggregateError([Object.assign(new Error(""), { code: "ECONNREFUSED" })], ""), {
        code: undefined,
      }),
    });
    const deno = (words) => failing(`error sending request for url (http://${host}/batch/): ${words}`);
    for (
      const [error, cause] of [
        [node("ECONNREFUSED"), "ECONNREFUSED"],
        [both, "ECONNREFUSED"],
        [node("ENOTFOUND"), "ENOTFOUND"],
        [node("CERT_HAS_EXPIRED"), "CERT_HAS_EXPIRED"],
        [node("UND_ERR_SOCKET", "other side closed"), "UND_ERR_SOCKET"],
        [failing("Unable to connect", { code: "ConnectionRefused" }), "ConnectionRefused"],
        [
          deno("client error (Connect): tcp connect error: Connection refused (os error 111)"),
          "ECONNREFUSED",
        ],
        [deno("client error (Connect): dns error: failed to lookup address information"), "ENOTFOUND"],
        [
          deno("client error (Connect): invalid peer certificate: UnknownIssuer"),
          "invalid peer certificate: UnknownIssuer",
        ],
        [deno("connection error: Connection reset by peer (os error 104)"), "ECONNRESET"],
        [new Error("Network connection lost."), "Network connection lost"],
        [failing("secret words phc_test"), "TypeError in fetch"],
        [failing("x", { code: "phc_test is a key" }), "TypeError in fetch"],
        [failing("x", { name: "phc_test" }), "an error in fetch"],
        ["phc_test", "an error in fetch"],
        [undefined, "an error in fetch"],
      ]
    ) {
      const outcome = await client(t, throwing(error)).capture(EVENT);
      same([outcome.status, outcome.cause], ["unreachable", `${cause} ${host}`], String(error));
    }
    const odd = await client(t, { fetch: async () => 7 }).capture(EVENT);
    same([odd.status, odd.cause], ["unreachable", "fetch resolved to no response"]);
    const hostile = Object.defineProperty(new Error("x"), "cause", {
      get() {
        throw new Error("hostile");
      },
    });
    same((await client(t, throwing(hostile)).capture(EVENT)).status, "unreachable");
  },

  async "a list without events is nothing to speak of"(t) {
    const lines = await printed(async () => {
      const { status, reason } = await loud(t).track([]);
      same([status, reason], ["skipped", "no_valid_event"]);
    });
    same(lines, []);
    same((await printed(() => loud(t, { debug: true }).track([]))).length, 1);
  },

  async "what is not allowed is not tried again"(t) {
    for (
      const error of [
        failing('Requires net access to "x"', { name: "NotCapable" }),
        failing('Requires net access to "x"', { name: "PermissionDenied" }),
      ]
    ) {
      const [line] = await printed(async () => {
        const outcome = await loud(t, { ...throwing(error), maxRetries: 3 }).capture(EVENT);
        same([outcome.status, outcome.attempts], ["unreachable", 1]);
        same(outcome.cause, `Requires net access ${new URL(t.project.host).host}`);
      });
      truthy(line.hint.includes("--allow-net=127.0.0.1"), line.hint);
    }
  },

  async "a hook is told what it did wrong"(t) {
    for (
      const [hook, words] of [
        [async (event) => event, "a promise"],
        [() => {}, "returned nothing"],
        [() => () => {}, "returned nothing"],
        [() => ({ event: "x".repeat(2_000_000) }), "more than PostHog takes"],
        [() => "text", "must return an event"],
        [() => {
          throw new Error("own words");
        }, "threw"],
      ]
    ) {
      const { events: [{ event, error }] } = await client(t, { before_send: hook }).capture(EVENT);
      same([event, error.code], ["Ping", "before_send_failed"]);
      truthy(error.message.includes(words) && !error.message.includes("own words"), error.message);
    }
  },

  async "methods work without their client"(t) {
    const posthog = client(t);
    const { capture, groupIdentify, identify, alias, captureException, track } = posthog;
    const group = t.posthog.trusted("organization", "org_1", "row");
    const outcomes = [
      await capture(EVENT),
      await groupIdentify({ group, properties: {} }),
      await identify({ distinctId: "u" }),
      await alias({ distinctId: "u", alias: "v" }),
      await Promise.reject(new Error("x")).catch(captureException),
      await track({ kind: "capture", ...EVENT }),
    ];
    same(outcomes.map(({ status }) => status), Array(6).fill("accepted"));
    class Own extends t.posthog.PostHog {
      capture(input) {
        return super.capture({ ...input, event: "Own" });
      }
    }
    const own = new Own("phc_test", { host: t.project.host, logger: () => {} });
    same((await own.capture(EVENT)).events[0].event, "Own");
  },

  async "a method of posthog-node says what there is instead"(t) {
    const posthog = client(t, { logger: undefined });
    const lines = await printed(async () => {
      for (
        const [name, words] of [
          ["captureImmediate", "await capture()"],
          ["captureExceptionImmediate", "await captureException()"],
          ["shutdown", "there is no queue"],
          ["flush", "await each call"],
        ]
      ) {
        const { status, error } = await posthog[name](EVENT);
        same([status, error.code, error.field], ["invalid", "unknown_method", name]);
        truthy(error.message.includes(words), error.message);
      }
      // Nobody's flag is on because there are none.
      same([await posthog.isFeatureEnabled("f", "u"), await posthog.getFeatureFlag("f", "u")], [
        undefined,
        undefined,
      ]);
      same(await posthog.getAllFlags("u"), {});
      const { shutdown } = posthog;
      same((await shutdown()).status, "invalid");
    });
    same(lines.length, 7);
    truthy(lines.every(({ errors }) => /^unknown_method \w+: is posthog-node's/.test(errors[0])), "told");
    same((await t.project.state()).requests.length, 0);
  },

  async "a warning is said once, and to whoever asks each time"(t) {
    const told = [];
    const onWarning = ({ code }) => void told.push(code);
    // Another test may have been told of the first already.
    const odd = { ...EVENT, timestamp: "2999-01-01" };
    await printed(() => loud(t).capture(odd));
    const quiet = await printed(async () => {
      await loud(t, { onWarning }).capture(odd);
      await loud(t, { onWarning }).capture(odd);
    });
    same([quiet, told], [[], ["timestamp_in_future", "timestamp_in_future"]]);
    const [line] = await printed(() => loud(t, { debug: true }).capture(odd));
    same([line.status, line.events], ["accepted", ["Ping"]]);
    truthy(line.warnings[0].startsWith("timestamp_in_future timestamp: "), line.warnings[0]);
  },

  async "no key, token or value is in a line, wherever it was given"(t) {
    const secret = "sk_live_51H8abcdefGHIJKLMNOPqrst";
    const value = "value-of-a-property";
    const store = Object.fromEntries(
      ["put", "claim", "delete", "retry", "deadLetter"].map((name) => [
        name,
        async (given) => {
          throw Object.assign(new Error(`${JSON.stringify(given)} ${value}`), { code: "23505" });
        },
      ]),
    );
    const before_send = () => {
      throw new Error(value);
    };
    const lines = await printed(async () => {
      const properties = { a: value };
      await loud(t, throwing(new Error(`${value} phc_test ${secret}`))).capture({ ...EVENT, properties });
      await loud(t, { ...throwing(new Error(value)), outbox: { store, write: "on_failure" } }).capture({
        ...EVENT,
        properties,
      });
      await loud(t, { outbox: { store, write: "on_failure" } }).drain();
      await loud(t, { before_send }).capture({ ...EVENT, properties });
      await loud(t, { host: `https://user:${value}@h` }).capture({ ...EVENT, properties });
      await loud(t, { host: "http://127.0.0.1:9", [secret]: value }).capture({
        event: `Key ${secret}`,
        distinctId: value,
        [secret]: value,
      }, { [secret]: value });
    });
    truthy(lines.length >= (t.posthog.PostHog === t.client.PostHog ? 5 : 6), `${lines.length} lines`);
    for (const line of lines.map((line) => JSON.stringify(line))) {
      truthy(!line.includes(value) && !line.includes(secret) && !line.includes("phc_test"), line);
    }
  },

  async "a server's words are for debugging"(t) {
    const fault = { mode: "status", status: 400, body: "phc_test: their words" };
    await t.project.faults(fault, fault);
    const [plain, debug] = await printed(async () => {
      await loud(t).capture(EVENT);
      await loud(t, { debug: true }).capture(EVENT);
    });
    same([plain.cause, plain.host, plain.events, plain.message], [
      "HTTP 400",
      new URL(t.project.host).origin,
      ["Ping"],
      undefined,
    ]);
    truthy(/their words/.test(debug.message) && !/phc_test/.test(debug.message), debug.message);
  },
};
