// Trying again: inside the budget, with the same bytes, and no sooner than the server asked.
import { client, Project, same, truthy } from "./check.js";

const EVENT = {
  event: "Ping",
  distinctId: "u",
  source: { system: "s", id: "1", at: "2026-01-02T03:04:05Z" },
};
const patient = (t, options) => client(t, { maxRetries: undefined, ...options });

async function requests(t) {
  return (await t.project.state()).requests;
}

export const tests = {
  async "a second of 503 loses nothing"(t) {
    await t.project.faults({ mode: "flap", downMs: 1000 });
    const outcome = await patient(t).capture(EVENT);
    same([outcome.status, outcome.events[0].status], ["accepted", "accepted"]);
    truthy(outcome.attempts >= 2 && outcome.attempts <= 4, `${outcome.attempts} attempts`);
    const { distinct, requests } = await t.project.arrived(1);
    same([distinct, requests.length, new Set(requests.map(({ body }) => body)).size], [
      1,
      outcome.attempts,
      1,
    ]);
  },

  async "a reset is tried again"(t) {
    await t.project.faults({ mode: "reset", times: 2 }, { mode: "none" });
    same((await patient(t).capture(EVENT)).status, "accepted");
    await t.project.arrived(1);
  },

  async "the server's word is a floor, and too long a word ends it"(t) {
    await t.project.faults({ mode: "status", status: 429, headers: { "retry-after": "1" }, times: 1 }, {
      mode: "none",
    });
    const outcome = await patient(t).capture(EVENT);
    same([outcome.status, outcome.attempts], ["accepted", 2]);
    const [first, second] = await requests(t);
    truthy(second.at - first.at >= 990, `${second.at - first.at} ms`);
    await t.project.faults({ mode: "status", status: 503, headers: { "retry-after": "60" } });
    const given = await patient(t).capture(EVENT);
    same([given.status, given.httpStatus, given.attempts], ["unreachable", 503, 1]);
  },

  async "a date is such a word, and what is neither that nor seconds is none"(t) {
    const soon = new Date(Date.now() + 2_500).toUTCString();
    const words = [
      ["Sun, 06 Nov 1994 08:49:37 GMT", 2],
      [soon, 2],
      ["Fri, 31 Dec 9999 23:59:59 GMT", 1],
      ["99999999999999999999999999", 1],
      [" 0 ", 2],
      ["soon", 2],
      ["-1", 2],
      ["2099-01-01", 2],
      ["Nov 6 2099", 2],
    ];
    await Promise.all(words.map(async ([word, attempts], at) => {
      const project = new Project(t.receiver, `${t.name}-${at}`);
      await project.faults({ mode: "status", status: 503, headers: { "retry-after": word }, times: 1 }, {
        mode: "none",
      });
      const outcome = await patient({ ...t, project }).capture(EVENT);
      same([word, outcome.attempts], [word, attempts]);
      if (word === soon) truthy(Date.now() >= Date.parse(soon), "did not wait for the date");
    }));
  },

  async "503 for ever ends with the retries, or with the budget"(t) {
    await t.project.faults({ mode: "status", status: 503 });
    const few = await patient(t, { maxRetries: 1 }).capture(EVENT);
    same([few.status, few.httpStatus, few.attempts], ["unreachable", 503, 2]);
    const short = await patient(t, { maxRetries: 10, budgetMs: 1500 }).capture(EVENT);
    // On a slow machine the end may come while the last attempt is on its way.
    const end = short.status === "timed_out" ? ["timed_out", null] : ["unreachable", 503];
    same([short.status, short.httpStatus], end);
    truthy(short.attempts >= 2 && short.attempts < 11, `${short.attempts} attempts`);
    truthy(short.elapsedMs < 3000, `${short.elapsedMs} ms`);
    for (const maxRetries of [-1, 11, 1.5, "3"]) {
      const { status, error } = await patient(t, { maxRetries }).capture(EVENT);
      same([status, error?.field], ["invalid", "maxRetries"], String(maxRetries));
    }
  },

  async "what would be refused again is not sent again"(t) {
    for (const status of [400, 401, 404, 413]) {
      await t.project.faults({ mode: "status", status });
      const { attempts } = await patient(t).capture(EVENT);
      same(attempts, 1, String(status));
    }
  },

  async "the caller's signal ends the waiting too"(t) {
    const controller = new AbortController();
    let aborted;
    const abort = () => {
      aborted = Date.now();
      controller.abort();
    };
    // Not before the answer was read, however slow the machine: the call waits for its second attempt then.
    const fetch = async () => {
      setTimeout(abort, 200);
      return new Response("busy", { status: 503, headers: { "retry-after": "4" } });
    };
    const outcome = await patient(t, { fetch }).capture(EVENT, { signal: controller.signal });
    same([outcome.status, outcome.httpStatus, outcome.attempts], ["aborted", 503, 1]);
    truthy(Date.now() - aborted < 2000, `${Date.now() - aborted} ms after the signal`);
  },

  async "too many events for one request are sent in two, in order"(t) {
    await t.project.faults({ mode: "status", status: 413, times: 2 }, { mode: "none" });
    const events = Array.from(
      { length: 5 },
      (_, index) => ({ kind: "capture", event: `E${index}`, distinctId: "u" }),
    );
    const outcome = await patient(t).track(events);
    same([outcome.status, outcome.events.map(({ status }) => status)], [
      "accepted",
      Array(5).fill("accepted"),
    ]);
    const { events: arrived } = await t.project.arrived(5);
    same(arrived.map(({ event }) => event), ["E0", "E1", "E2", "E3", "E4"]);
  },

  async "the stand-ins try once, unless asked"(t) {
    await t.project.faults({ mode: "status", status: 503, times: 1 }, { mode: "none" });
    const context = { env: { POSTHOG_API_KEY: "phc_test", POSTHOG_API_HOST: t.project.host } };
    const quiet = { log() {}, logError() {} };
    const payload = { event: "A", channel: "c", user_id: "u" };
    same(await t.compat.createTracking(quiet).trackPosthogEvent(context, payload), false);
    await t.project.faults({ mode: "status", status: 503, times: 1 }, { mode: "none" });
    same(
      await t.compat.createTracking({ ...quiet, maxRetries: 2 }).trackPosthogEvent(context, payload),
      true,
    );
  },
};
