// Which flags were read: an event for the first read of a flag's value by somebody, sent through the client.
import { ignoreErrors } from "./ignore_errors.js";
import { wireTexts } from "./groups.js";
import { flags as module } from "./modules.js";

/** So many reads of a client are remembered, the latest. A repeated event would do no harm: PostHog drops it. */
const MAX_REMEMBERED = 10_000;
/** Longer ids are not remembered: memory stays bounded. */
const MAX_LENGTH = 1_000;
const remembered = new WeakMap();

/** Whether it is the first of its kind. */
function isFirst(client, read) {
  if (read.length > MAX_LENGTH) return true;
  let reads = remembered.get(client);
  if (!reads) remembered.set(client, reads = new Set());
  // Read again, it is the latest again.
  const known = reads.delete(read);
  reads.add(read);
  if (reads.size > MAX_REMEMBERED) reads.delete(reads.values().next().value);
  return !known;
}

/** The reads of one snapshot and its slices. Belongs to one request, like everything that it waits for. */
export class Reads {
  #client;
  #known;
  #waiting = [];
  #outcomes = [];

  constructor(client, known) {
    this.#client = client;
    this.#known = known;
  }

  add(read) {
    const { base = this.#client, distinctId, groups, loadedAt, silent } = this.#known;
    if (silent) return;
    const { key, record } = read;
    if (!isFirst(base, JSON.stringify([distinctId, key, record?.value ?? null, wireTexts(groups)]))) {
      return;
    }
    const text = JSON.stringify({ ...read, now: Date.now(), loadedAt });
    const event = JSON.parse(module.compute((core) => core.flags_called(text)));
    this.#waiting.push({ ...event, kind: "capture", distinctId, groups });
    // Those of one turn leave in one request.
    if (this.#waiting.length === 1) Promise.resolve().then(() => this.#send());
  }

  #send() {
    if (this.#waiting.length === 0) return;
    const { context } = this.#known;
    const sent = ignoreErrors(() => this.#client.track(this.#waiting.splice(0), { context }));
    if (sent) this.#outcomes.push(sent);
  }

  /** How sending went, one outcome for each request. */
  async reported() {
    this.#send();
    return await Promise.all(this.#outcomes);
  }
}
