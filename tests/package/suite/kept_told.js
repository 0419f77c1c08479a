// Parity with the functions that the stand-ins replace: what is logged, and what LogSnag is told.
import { same, truthy } from "./check.js";
import { optionsOf, seen, sendTo, THROWN, thrown, track } from "./kept_seen.js";

export const tests = {
  async "failures are logged in their own words"(t) {
    const cause = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    const failure = Object.assign(new TypeError("fetch failed"), { cause });
    const long = "x\n\ty".repeat(5000);
    for (const options of [{}, { keep: "all" }]) {
      const what = track({ event: "E", user_id: "u" });
      const failed = await seen(t, options, { ...what, answer: () => Promise.reject(failure) });
      same(failed.lines, [["error", {
        requestId: "r",
        message: "PostHog fetch failed",
        error: { name: "TypeError", message: "fetch failed", stack: failure.stack, cause },
        event: "E",
        distinctId: "u",
      }]]);
      const refused = await seen(t, options, {
        ...what,
        answer: () => ({ ok: false, status: 413, text: () => Promise.resolve(long) }),
      });
      same(
        JSON.stringify(refused.lines),
        JSON.stringify([["error", {
          requestId: "r",
          message: "PostHog error",
          status: 413,
          error: long,
          event: "E",
          distinctId: "u",
        }]]),
      );
      const endless = new ReadableStream({
        pull: (stream) => stream.enqueue(new TextEncoder().encode("é".repeat(10_000))),
      });
      const capped = await seen(t, options, {
        ...what,
        answer: () => new Response(endless, { status: 500 }),
      });
      truthy(capped.lines[0][1].error.length < 100_000, "capped");
    }
  },

  async "LogSnag is sent to, and refuses, as its SDK has it"(t) {
    const at = new Date(1767323045678);
    const payload = { timestamp: at, event: "E", channel: "c", project: "own", bento: { data: { a: 1 } } };
    const env = { POSTHOG_API_KEY: "", LOGSNAG_TOKEN: "ls" };
    const what = sendTo(payload, { background: false }, env);
    const { url, init } = await seen(t, { keep: "all" }, what);
    same([url, init.headers.Authorization, init.headers["Content-Type"]], [
      "https://api.logsnag.com/v1/log",
      "Bearer ls",
      "application/json",
    ]);
    same(
      init.body,
      '{"timestamp":1767323045,"event":"E","channel":"c","project":"p","bento":{"data":{"a":1}}}',
    );
    same(payload.timestamp, at, "the caller's own is left alone");
    for (const options of [{}, { keep: "all" }]) {
      for (
        const [text, name, message] of [
          [
            '{"validation":{"body":[{"message":"a"},{"message":"b"}]}}',
            "Error",
            "[LogSnag] Failed to publish: a, b",
          ],
          ["{}", "Error", "[LogSnag] Failed to publish: : Please check our docs at https://docs.logsnag.com"],
          ["<html>", "SyntaxError", undefined],
        ]
      ) {
        const answer = () => ({ ok: false, status: 400, text: () => Promise.resolve(text) });
        const { lines } = await seen(t, options, { ...what, answer });
        const { provider, error } = lines.find(([level]) => level === "error")[1];
        same([provider, error.name, message && error.message], ["logsnag", name, message]);
      }
    }
  },

  async "the lines about members say whose event it was"(t) {
    const payload = { event: "E", channel: "c", sentToBento: true };
    for (const options of [{}, { keep: "all" }]) {
      const shown = async (payload) =>
        JSON.stringify((await seen(t, options, sendTo(payload, { background: false }))).lines.at(-1)[1]);
      same(
        await shown({ ...payload, user_id: "o" }),
        '{"requestId":"r","message":"sendEventToTracking missing Bento payload","event":"E","user_id":"o"}',
      );
      same(
        await shown({ ...payload, user_id: "", bento: {} }),
        '{"requestId":"r","message":"sendEventToTracking missing org id for Bento notification","event":"E","user_id":""}',
      );
    }
  },

  async "an answer's `ok` decides, whatever its status"(t) {
    const event = track({ event: "E", user_id: "u" });
    const env = { POSTHOG_API_KEY: "", LOGSNAG_TOKEN: "ls" };
    const told = sendTo({ event: "E", channel: "c" }, { background: false }, env);
    const texts = { text: () => Promise.resolve("{}"), json: () => Promise.resolve({}) };
    for (const options of [{}, { keep: "all" }]) {
      for (
        const answer of [{ ok: true, status: 500 }, { ok: true, status: 302 }, { ok: 1 }, {
          ok: true,
          status: 0,
        }]
      ) {
        const what = JSON.stringify([options, answer]);
        const sent = await seen(t, options, { ...event, answer: () => ({ ...answer, ...texts }) });
        same([sent.result, sent.lines[0][1].message], [true, "PostHog event sent"], what);
        const { lines } = await seen(t, options, { ...told, answer: () => ({ ...answer, ...texts }) });
        same(lines.filter(([level]) => level === "error"), [], what);
      }
      for (
        const answer of [{ ok: false, status: 200 }, { ok: false, status: 204 }, { ok: 0, status: 200 }, {
          status: 200,
        }]
      ) {
        const what = JSON.stringify([options, answer]);
        const refused = await seen(t, options, { ...event, answer: () => ({ ...answer, ...texts }) });
        const [, { message, status, error }] = refused.lines[0];
        same([refused.result, message, status, error], [false, "PostHog error", answer.status, "{}"], what);
        const { lines } = await seen(t, options, { ...told, answer: () => ({ ...answer, ...texts }) });
        const [, line] = lines.find(([level]) => level === "error");
        truthy(line.error.message.startsWith("[LogSnag] Failed to publish"), what);
      }
      const body = () => new Response("streamed", { status: 200 }).body;
      const streamed = await seen(t, options, {
        ...event,
        answer: () => ({ ok: true, status: 500, body: body() }),
      });
      same(streamed.result, true);
    }
  },

  async "LogSnag's refusals are read as its SDK reads them, and end with the budget"(t) {
    const env = { POSTHOG_API_KEY: "", LOGSNAG_TOKEN: "ls" };
    const what = sendTo({ event: "E", channel: "c" }, { background: false }, env);
    for (const options of [{ budgetMs: 250 }, { budgetMs: 250, keep: "all" }]) {
      const errorOf = async (answer) => {
        const { lines } = await seen(t, options, { ...what, answer });
        return lines.find(([level]) => level === "error")[1].error;
      };
      const json = () => Promise.resolve({ validation: { body: [{ message: "a" }] } });
      same(
        (await errorOf(() => ({ ok: false, status: 400, json }))).message,
        "[LogSnag] Failed to publish: a",
      );
      const begun = () =>
        new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode("{")) });
      same((await errorOf(() => new Response(begun(), { status: 400 }))).name, "TimeoutError");
      const hangs = () => new Promise(() => {});
      same(
        (await errorOf(() => ({ ok: false, status: 400, json: hangs, text: hangs }))).name,
        "TimeoutError",
      );
    }
  },

  async "a payload that cannot be read is logged, and is the strict caller's error"(t) {
    const hostile = () => {
      const payload = { event: "E", channel: "c" };
      const get = () => {
        throw new RangeError("hostile");
      };
      return Object.defineProperty(payload, "description", { get, enumerable: true });
    };
    for (const options of [{}, { keep: "all" }]) {
      for (
        const [payload, name] of [[undefined, "TypeError"], [null, "TypeError"], [hostile(), "RangeError"]]
      ) {
        const shown = async (how) => {
          const call = (tracking, c) =>
            tracking.sendEventToTracking(c, payload, how).then(() => "", (error) => error.name);
          const { result, lines } = await seen(t, optionsOf(options), { call });
          return [result, lines.map(([level, { message, error }]) => [level, message, error.name])];
        };
        const line = ["error", "sendEventToTracking payload could not be read", name];
        const what = JSON.stringify([options, name]);
        same(await shown({ strict: true, background: false }), [name, [line]], what);
        for (const how of [undefined, { background: false }]) same(await shown(how), ["", [line]], what);
        same((await shown({ strict: true }))[1], [line], what);
      }
    }
  },

  async "an error that `serializeError` does not survive is described all the same"(t) {
    const serializeError = () => {
      throw new Error("no");
    };
    const failure = Object.assign(new TypeError("fetch failed"), { cause: "down" });
    const what = track({ event: "E", user_id: "u" });
    const { lines } = await seen(t, { serializeError }, { ...what, answer: () => Promise.reject(failure) });
    same(lines[0][1].error, {
      name: "TypeError",
      message: "fetch failed",
      stack: failure.stack,
      cause: "down",
    });
    const { body } = await seen(t, { serializeError }, thrown({ ...THROWN, error: failure }));
    same(body.properties.$exception_list[0].type, "TypeError");
  },

  async "LogSnag's own client gets a copy, or the caller's own payload where that is kept"(t) {
    const payload = { event: "E", channel: "c", groups: { organization: "o" } };
    for (
      const [options, own] of [[{}, false], [{ keepLogsnagPayload: true }, true], [{ keep: "all" }, true]]
    ) {
      const given = [];
      const logsnag = () => ({ track: (event) => Promise.resolve(given.push(event) > 0) });
      await seen(t, { ...options, logsnag }, sendTo(payload, { background: false }));
      same([given.length, given[0] === payload, "groups" in given[0]], [1, own, own]);
    }
  },
};
