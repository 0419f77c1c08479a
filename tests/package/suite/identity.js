// Whose event a client's request is: the six rows of the table, what refuses, and every combination of what is asked
// for and answered, held against an oracle that shares nothing with the package.
import { same, sleep, truthy } from "./check.js";

const USER = "user_1";
const ORGANIZATION = "org_1";
const APP = "com.x";

/** Checks that answer as they are told, and a list of what they were asked. */
function checksOf({ userId = USER, organization, app, owner, budgetMs = 40 }) {
  const calls = [];
  const asked = (name, answer) => (...args) => {
    calls.push([name, ...args]);
    return answer();
  };
  const checks = {
    userId,
    canReadOrganization: asked("organization", organization),
    canReadApp: asked("app", app),
    appOwner: asked("owner", owner),
    budgetMs,
  };
  return { calls, checks };
}

const yes = () => Promise.resolve(true);
const no = () => Promise.resolve(false);
const ownedBy = (id) => () => Promise.resolve(id);
const rejects = () => Promise.reject(new Error("down"));
const hangs = () => new Promise(() => {});
const throws = () => {
  throw new Error("down");
};

/** What was found, in a few words. */
function shown(who) {
  if (!who.ok) return who.code;
  const groups = who.groups.map(({ type, key }) => `${type}:${key}`);
  return [who.distinctId, groups, who.app?.key, who.requestedOrganization?.key];
}

// ---------------------------------------------------------------------------------------------------------
// The oracle: the table again, as rows that are looked up
// ---------------------------------------------------------------------------------------------------------

/** [version, what is asked for, whether it names an app, which checks must agree, whose event it is] */
const TABLE = [
  [2, "nothing", "either", [], "user"],
  [2, "another", "app", ["app", "owner"], "user"],
  [2, "another", "none", ["organization"], "user"],
  [1, "nothing", "either", [], "user"],
  [1, "another", "app", ["app", "owner"], "organization"],
  [1, "another", "none", ["organization"], "organization"],
];

function expected(given, answers) {
  const { version, asks, app, user, console } = given;
  const second = version === 2 || version === "2";
  // The user's own id is an organization like any other in version 2, which never asks for users.
  const own = asks === undefined || asks === "" || (!second && asks === user && user !== "");
  const row = TABLE.find(([v, what, where]) =>
    v === (second ? 2 : 1) && what === (own ? "nothing" : "another") &&
    (where === "either" || (where === "app") === (app !== undefined))
  );
  const [, , , needed, whose] = row;
  if (whose === "user" && user === "") return { code: "unauthenticated", calls: [] };
  if (own && console) return { code: "missing_organization", calls: [] };
  if (!own && typeof asks !== "string") return { code: "forbidden_organization", calls: [] };
  const calls = [];
  for (const check of needed) {
    calls.push([check, check === "organization" ? asks : app]);
    const { answer, fails } = answers[check];
    if (fails) return { code: "check_failed", calls };
    const agrees = answer === (check === "owner" ? asks : true);
    if (!agrees) {
      return { code: check === "organization" ? "forbidden_organization" : "forbidden_app", calls };
    }
  }
  if (own) return { ok: [user, [], undefined, undefined], calls };
  const told = second || console ? asks : undefined;
  return { ok: [whose === "user" ? user : asks, [`organization:${asks}`], app, told], calls };
}

const VERSIONS = [2, "2", 1, undefined];
const ASKED = [undefined, "", USER, ORGANIZATION, 7];
const TAGS = [
  [undefined, undefined],
  [{ "app-id": APP, app_id: "com.other" }, APP],
  [{ app_id: APP }, APP],
  [{ "app-id": 7, a: 1 }, undefined],
];
const USERS = [USER, ""];
const CONSOLE = [undefined, true];
const FAILING = [{ answer: throws, fails: true }, { answer: hangs, fails: true }];
const ANSWERS = [{ answer: true }, { answer: false }, { answer: 1 }, ...FAILING];
const OWNERS = [
  { answer: ORGANIZATION },
  { answer: "org_2" },
  { answer: [ORGANIZATION] },
  ...FAILING,
];

/** Every combination, one after the other. */
function* product(first, ...rest) {
  if (first === undefined) return yield [];
  for (const value of first) for (const values of product(...rest)) yield [value, ...values];
}

/** A check's answer: what fails does so as it says, some of the others answer at once and some later. */
const answering = ({ answer, fails }, later) =>
  fails ? answer : () => later ? Promise.resolve(answer) : answer;

export const tests = {
  async "each row of the table"(t) {
    const { resolveTrackingIdentity } = t.posthog;
    const mine = { organization: yes, app: no, owner: ownedBy("org_2") };
    const appOnly = { organization: no, app: yes, owner: ownedBy(ORGANIZATION) };
    const foreign = { organization: no, app: no, owner: ownedBy("org_2") };
    const tags = { "app-id": APP };
    for (
      const [request, answers, result] of [
        [{ tracking_version: 2 }, mine, [USER, [], undefined, undefined]],
        [{ tracking_version: 2, tags }, appOnly, [USER, [], undefined, undefined]],
        [{ tracking_version: 2, org_id: "org_1" }, mine, [USER, ["organization:org_1"], undefined, "org_1"]],
        [{ tracking_version: 2, org_id: "org_1" }, appOnly, "forbidden_organization"],
        [{ tracking_version: "2", org_id: "org_1", tags }, appOnly, [
          USER,
          ["organization:org_1"],
          APP,
          "org_1",
        ]],
        [{ tracking_version: 2, org_id: "org_1", tags }, mine, "forbidden_app"],
        [{ tracking_version: 2, org_id: "org_2", tags }, appOnly, "forbidden_app"],
        [{ tracking_version: 2, org_id: "org_1", tags }, foreign, "forbidden_app"],
        [{}, mine, [USER, [], undefined, undefined]],
        [{ tags }, appOnly, [USER, [], undefined, undefined]],
        [{ user_id: USER, tags }, foreign, [USER, [], undefined, undefined]],
        [{ user_id: "org_1" }, mine, ["org_1", ["organization:org_1"], undefined, undefined]],
        [{ user_id: "org_1", notifyConsole: true }, mine, [
          "org_1",
          ["organization:org_1"],
          undefined,
          "org_1",
        ]],
        [{ user_id: "org_1" }, appOnly, "forbidden_organization"],
        [{ user_id: "org_1", tags }, appOnly, ["org_1", ["organization:org_1"], APP, undefined]],
        [{ user_id: "org_1", tags }, mine, "forbidden_app"],
        [{ user_id: "org_2", tags }, appOnly, "forbidden_app"],
        [{ notifyConsole: true }, mine, "missing_organization"],
        [{ tracking_version: 2, notifyConsole: true }, mine, "missing_organization"],
      ]
    ) {
      const { checks } = checksOf(answers);
      const who = await resolveTrackingIdentity({ event: "e", ...request }, checks);
      same(shown(who), result, JSON.stringify(request));
      if (!who.ok) same(who.status, who.code === "missing_organization" ? 400 : 403);
    }
  },

  async "every combination of requests and answers: 40,000"(t) {
    const { resolveTrackingIdentity } = t.posthog;
    let cases = 0;
    const wrong = [];
    const one = async ([version, asks, [tags, app], user, console, organization, readable, owner]) => {
      const request = { event: "e", tracking_version: version, tags, notifyConsole: console };
      request[version === 2 || version === "2" ? "org_id" : "user_id"] = asks;
      const answers = { organization, app: readable, owner };
      const later = cases++ % 2 === 0;
      const { calls, checks } = checksOf({
        userId: user,
        organization: answering(organization, later),
        app: answering(readable, later),
        owner: answering(owner, later),
      });
      const who = await resolveTrackingIdentity(request, checks);
      const { ok, code, calls: due } = expected({ version, asks, app, user, console }, answers);
      const [is, should] = [[shown(who), calls], [ok ?? code, due]].map((result) => JSON.stringify(result));
      if (is !== should) wrong.push(`${JSON.stringify([request, user])}: ${is}, not ${should}`);
    };
    const batch = [];
    for (const given of product(VERSIONS, ASKED, TAGS, USERS, CONSOLE, ANSWERS, ANSWERS, OWNERS)) {
      batch.push(one(given));
      if (batch.length === 4000) await Promise.all(batch.splice(0));
    }
    await Promise.all(batch);
    same([wrong.length, wrong.slice(0, 5)], [0, []]);
    same(cases, 40_000);
  },

  async "what is no yes is a no"(t) {
    const { resolveTrackingIdentity } = t.posthog;
    const truthy = [
      "true",
      "yes",
      1,
      {},
      [],
      [true],
      new Boolean(true),
      { ok: true },
      () => true,
      Symbol("yes"),
    ];
    for (const answer of [...truthy, false, null, undefined, 0, ""]) {
      for (const given of [() => answer, async () => answer]) {
        const [org, app] = [
          checksOf({ organization: given }),
          checksOf({ app: given, owner: ownedBy(ORGANIZATION) }),
        ];
        const tags = { app_id: APP };
        same(
          shown(await resolveTrackingIdentity({ user_id: ORGANIZATION }, org.checks)),
          "forbidden_organization",
        );
        same(
          shown(await resolveTrackingIdentity({ user_id: ORGANIZATION, tags }, app.checks)),
          "forbidden_app",
        );
        same(app.calls, [["app", APP]]);
        const owner = checksOf({ app: yes, owner: given });
        same(
          shown(await resolveTrackingIdentity({ user_id: ORGANIZATION, tags }, owner.checks)),
          "forbidden_app",
        );
      }
    }
  },

  async "a check that throws, rejects, hangs or is missing refuses, and nothing rejects"(t) {
    const { resolveTrackingIdentity } = t.posthog;
    const tags = { app_id: APP };
    const thenable = () => ({
      get then() {
        throw new Error("down");
      },
    });
    for (const bad of [throws, rejects, hangs, thenable, undefined, null, "yes", {}]) {
      const good = { canReadOrganization: yes, canReadApp: yes, appOwner: ownedBy(ORGANIZATION) };
      for (const name of Object.keys(good)) {
        const request = { user_id: ORGANIZATION, ...(name === "canReadOrganization" ? {} : { tags }) };
        const checks = { userId: USER, budgetMs: 20, ...good, [name]: bad };
        same(shown(await resolveTrackingIdentity(request, checks)), "check_failed", `${name} ${bad}`);
        // Not asked, not missed.
        const own = await resolveTrackingIdentity({ user_id: USER }, checks);
        same(shown(own), [USER, [], undefined, undefined]);
      }
    }
    const throwing = new Proxy({}, { get: throws });
    const cyclic = {};
    cyclic.self = cyclic;
    for (const checks of [undefined, null, throwing]) {
      same(shown(await resolveTrackingIdentity({}, checks)), "check_failed");
    }
    const { checks } = checksOf({ organization: yes });
    for (const request of [throwing, cyclic, { user_id: 1n }]) {
      same(shown(await resolveTrackingIdentity(request, checks)), "check_failed");
    }
    for (const request of [null, undefined, [], "text", 7]) {
      same(shown(await resolveTrackingIdentity(request, checks)), [USER, [], undefined, undefined]);
    }
    for (const userId of [undefined, null, 7, {}, " "]) {
      same(shown(await resolveTrackingIdentity({}, { ...checks, userId })), "unauthenticated");
    }
  },

  async "the checks share one budget, and none is called after it"(t) {
    const { resolveTrackingIdentity } = t.posthog;
    const request = { user_id: ORGANIZATION, tags: { app_id: APP } };
    let answer;
    const first = checksOf({
      app: () => new Promise((resolve) => (answer = resolve)),
      owner: ownedBy(ORGANIZATION),
      budgetMs: 20,
    });
    same(shown(await resolveTrackingIdentity(request, first.checks)), "check_failed");
    answer(true);
    await sleep(0);
    same(first.calls, [["app", APP]]);
    const late = (answer, ms) => () => sleep(ms).then(() => answer);
    const second = checksOf({ app: late(true, 60), owner: late(ORGANIZATION, 90), budgetMs: 100 });
    same(shown(await resolveTrackingIdentity(request, second.checks)), "check_failed");
    // One that fails after it was given up is nobody's unhandled rejection.
    const failing = checksOf({ app: () => sleep(40).then(throws), budgetMs: 10 });
    same(shown(await resolveTrackingIdentity(request, failing.checks)), "check_failed");
    await sleep(60);
  },

  async "checks are called with ids, and with no request of any size"(t) {
    const { resolveTrackingIdentity } = t.posthog;
    const all = { organization: yes, app: yes, owner: ownedBy(ORGANIZATION) };
    const long = "x".repeat(401);
    for (
      const [request, code] of [
        [{ user_id: long }, "forbidden_organization"],
        [{ user_id: "\ud800" }, "forbidden_organization"],
        [{ user_id: { toString: "org_1" } }, "forbidden_organization"],
        [{ tracking_version: 2, org_id: [ORGANIZATION] }, "forbidden_organization"],
        [{ tracking_version: 2, org_id: "\t" }, "forbidden_organization"],
        [{ user_id: ORGANIZATION, tags: { "app-id": long } }, "forbidden_app"],
        [{ user_id: ORGANIZATION, tags: { app_id: " " } }, "forbidden_app"],
        [{ user_id: ORGANIZATION, tags: { text: "x".repeat(64_000) } }, "too_large"],
      ]
    ) {
      const { calls, checks } = checksOf(all);
      const who = await resolveTrackingIdentity(request, checks);
      same([who.code, who.status], [code, code === "too_large" ? 400 : 403]);
      same(calls, []);
    }
    const { checks } = checksOf(all);
    same((await resolveTrackingIdentity({}, { ...checks, userId: "x".repeat(64_001) })).code, "too_large");
    // `this` is the host's, for checks that are methods.
    class Checks {
      userId = USER;
      #readable = ORGANIZATION;
      canReadOrganization(id) {
        return id === this.#readable;
      }
    }
    same((await resolveTrackingIdentity({ user_id: ORGANIZATION }, new Checks())).ok, true);
  },

  async "the event of each row"(t) {
    const { fromClient, resolveTrackingIdentity } = t.posthog;
    const event = async (request) => {
      const { checks } = checksOf({ organization: yes, app: yes, owner: ownedBy(ORGANIZATION) });
      const body = { event: "e", ...request };
      return fromClient(body, await resolveTrackingIdentity(body, checks));
    };
    const tags = { app_id: APP };
    for (
      const [request, distinctId, groups, properties, set] of [
        [{ tracking_version: 2, tags }, USER, [], tags, tags],
        [{ tracking_version: 2, tags: { org_id: "org_2" } }, USER, [], {}, undefined],
        [{ tracking_version: 2, org_id: "org_1" }, USER, ["org_1"], { org_id: "org_1" }, { org_id: "org_1" }],
        [
          { tracking_version: "2", org_id: "org_1", tags: { ...tags, org_id: "org_2" } },
          USER,
          ["org_1"],
          { ...tags, org_id: "org_1" },
          { ...tags, org_id: "org_1" },
        ],
        [{ tags }, USER, [], tags, tags],
        [{ user_id: USER, nonPersonTags: { a: 1, $set: { b: 2 } } }, USER, [], { a: 1 }, undefined],
        [{ user_id: "org_1", tags }, "org_1", ["org_1"], tags, undefined],
      ]
    ) {
      const made = await event(request);
      same(
        [made.distinctId, made.groups.map(({ key }) => key), made.properties, made.set],
        [distinctId, groups, properties, set],
        JSON.stringify(request),
      );
    }
    try {
      fromClient({ event: "e" }, { ok: false, code: "forbidden_app" });
      truthy(false, "a refusal is no identity");
    } catch (error) {
      same(error.code, "missing_distinct_id");
    }
  },
};
