// The calls of one request, gathered to leave together. Nothing of a batch outlives its request, and nothing is shared
// with another: what it waits for is its own.
import { waitUntilOf } from "./background.js";
import { clearTimeout, now as clock, setTimeout } from "./clock.js";
import { ignoreErrors } from "./ignore_errors.js";
import { line, lines, namesOf, namesOfOne, tags } from "./input.js";
import { thrownText } from "./thrown.js";

/** What one crossing may have, but for a single call that has more. */
const MAX_LENGTH = 8_000_000;
/** Each limit's default, and the most that it may be. */
const LIMITS = { maxEvents: [250, 100_000], maxBytes: [1_000_000, MAX_LENGTH], maxMs: [1_000, 2 ** 31 - 1] };

/** The class of batches. `send` sends as a client's own methods do; AI events may have `most` characters. */
export function batchClass(send, most) {
  return class Batch {
    #client;
    #context;
    #call = {};
    #limits = {};
    /** A line that refuses, where a limit is none. */
    #refusal;
    #calls = [];
    #events = 0;
    #length = 0;
    #timer;
    /** Ends what the runtime was asked to wait for. */
    #done;
    #leaving = new Set();

    constructor(client, context, options) {
      this.#client = client;
      ignoreErrors(() => {
        const { maxEvents: _, maxBytes: __, maxMs: ___, context: ____, ...call } = options ?? {};
        this.#call = call;
      });
      this.#context = context;
      for (const [name, [usual, most]] of Object.entries(LIMITS)) {
        const limit = ignoreErrors(() => options?.[name]) ?? usual;
        if (!(Number.isInteger(limit) && limit > 0 && limit <= most)) {
          const message = `must be a whole number from 1 to ${most}`;
          this.#refusal ??= `!\t${JSON.stringify({ code: "invalid_config", field: name, message })}`;
        }
        this.#limits[name] = limit;
      }
    }

    capture(input) {
      return this.#one(tags.capture, input);
    }

    captureAi(input) {
      return this.#one(tags.ai, input, undefined, most);
    }

    groupIdentify(input) {
      return this.#one(tags.groupIdentify, input);
    }

    identify(input) {
      return this.#one(tags.identify, input);
    }

    alias(input) {
      return this.#one(tags.alias, input);
    }

    captureException(error, context) {
      const input = typeof context === "string" ? { distinctId: context } : context ?? {};
      return this.#one(tags.exception, input, thrownText(error));
    }

    track(events) {
      return this.#add(namesOf(events), lines(events));
    }

    #one(tag, input, thrown, most) {
      return this.#add(namesOfOne(tag, input), line(tag, input, most), thrown);
    }

    /** Sends what has been gathered; resolves to its outcomes when everything that left earlier has ended too. */
    async flush() {
      const sent = this.#send();
      await Promise.all(this.#leaving);
      return await sent ?? [];
    }

    async [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]() {
      await this.flush();
    }

    #add(names, text, thrown) {
      return new Promise((resolve) => {
        // So that what crosses at once is never more than one call may have.
        if (this.#length + text.length > MAX_LENGTH) this.#send();
        const head = `#${Date.now()}${thrown === undefined ? "" : `!${thrown}`}`;
        const given = { names, head, text: this.#refusal ?? text, resolve, started: clock() };
        this.#calls.push(given);
        this.#length += head.length + given.text.length;
        this.#events += given.text.split("\n").length;
        const { maxEvents, maxBytes, maxMs } = this.#limits;
        if (this.#refusal || this.#length >= maxBytes || this.#events >= maxEvents) this.#send();
        else if (this.#calls.length === 1) {
          this.#timer = setTimeout(() => this.#send(), maxMs);
          const done = new Promise((end) => this.#done = end);
          ignoreErrors(() => waitUntilOf(this.#context)?.(done));
        }
      });
    }

    #send() {
      const calls = this.#calls;
      if (calls.length === 0) return undefined;
      const done = this.#done;
      clearTimeout(this.#timer);
      [this.#calls, this.#events, this.#length, this.#done] = [[], 0, 0, undefined];
      const text = calls.map(({ head, text }) => `${head}\n${text}`).join("\n");
      const names = calls.map(({ names }) => names);
      const context = done ? undefined : this.#context;
      const call = { ...this.#call, context };
      const sent = send(this.#client, names, text, call, { begin: "deliver_batch", most });
      const leaving = sent.then((outcomes) => {
        this.#leaving.delete(leaving);
        done?.();
        return calls.map(({ resolve, started }, at) => {
          const outcome = { ...Array.isArray(outcomes) ? outcomes[at] : outcomes };
          outcome.elapsedMs = Math.max(0, Math.round(clock() - started));
          resolve(outcome);
          return outcome;
        });
      });
      this.#leaving.add(leaving);
      return leaving;
    }
  };
}
