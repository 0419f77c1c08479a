import type { IncomingMessage, ServerResponse } from "node:http";

/** One way to misbehave, and how often. */
export type Fault =
  & (
    /** Behave. */
    | { mode: "none" }
    /** Read the request, never answer. */
    | { mode: "hang" }
    /** Headers at once, then a body that never ends. */
    | { mode: "drip"; status?: number; everyMs?: number }
    /** 200 and a part of the body, then silence. */
    | { mode: "stall" }
    /** A TCP reset instead of an answer. */
    | { mode: "reset" }
    /** 307 to where the request came from, unless told otherwise: a loop. */
    | { mode: "redirect"; to?: string; status?: number }
    /** Any status, headers and body. */
    | { mode: "status"; status: number; headers?: Record<string, string>; body?: string }
    /** The ordinary answer, late; the events are taken only then, and only if the client is still there. */
    | { mode: "slow"; delayMs: number }
    /** 503 for so long from its first request on, then the ordinary answer. */
    | { mode: "flap"; downMs: number }
  )
  & {
    /** Take the events first, as a server does that stored them but whose answer got lost. */
    record?: boolean;
    /** Used so many times, then the next in the list; behind the last such fault everything is normal. */
    times?: number;
  };

export type FaultMode = Fault["mode"];

const MODES: readonly FaultMode[] = [
  "none",
  "hang",
  "drip",
  "stall",
  "reset",
  "redirect",
  "status",
  "slow",
  "flap",
];

/** Reads faults, one or a list, that anybody may have written. Throws a TypeError on what is none. */
export function readFaults(given: unknown): Fault[] {
  const faults: unknown[] = Array.isArray(given) ? given : [given];
  return faults.map((fault) => {
    const mode = (fault as Partial<Fault> | null)?.mode;
    if (!MODES.includes(mode as FaultMode)) throw new TypeError(`no such fault: ${JSON.stringify(fault)}`);
    return fault as Fault;
  });
}

/** The faults a project has yet to show: one per request, the last for ever. */
export class FaultQueue {
  #faults: Fault[] = [];
  #used = 0;
  #firstUse = new WeakMap<Fault, number>();

  set(faults: readonly Fault[]) {
    this.#faults = faults.map((fault) => ({ ...fault }));
    this.#used = 0;
  }

  /** What is still to come. */
  get ahead(): readonly Fault[] {
    return this.#faults;
  }

  next(now: number): Fault {
    const [fault, ...later] = this.#faults;
    if (fault === undefined) return { mode: "none" };
    this.#used++;
    if (this.#used >= (fault.times ?? (later.length > 0 ? 1 : Infinity))) {
      this.#faults = later;
      this.#used = 0;
    }
    if (fault.mode !== "flap") return fault;
    if (!this.#firstUse.has(fault)) this.#firstUse.set(fault, now);
    return now - this.#firstUse.get(fault)! < fault.downMs ? fault : { mode: "none" };
  }
}

/** Gives the answer a fault stands for, if it stands for one. What never ends is ended by the connection. */
export function misbehave(fault: Fault, request: IncomingMessage, response: ServerResponse): boolean {
  switch (fault.mode) {
    case "none":
    case "slow":
      return false;
    case "hang":
      return true;
    case "drip": {
      response.writeHead(fault.status ?? 200, { "content-type": "application/json" });
      response.write(" ");
      const timer = setInterval(() => response.write(" "), fault.everyMs ?? 50);
      response.once("close", () => clearInterval(timer));
      return true;
    }
    case "stall":
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"sta');
      return true;
    case "reset":
      request.socket.resetAndDestroy();
      return true;
    case "redirect":
      response.writeHead(fault.status ?? 307, { location: fault.to ?? request.url! });
      response.end();
      return true;
    case "status":
      response.writeHead(fault.status, fault.headers);
      response.end(fault.body);
      return true;
    case "flap":
      response.writeHead(503, { "content-type": "text/plain; charset=utf-8" });
      response.end("service is down");
      return true;
  }
}

/** Waits, but not for a client that has gone. */
export function delay(ms: number, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    response.once("close", done);
    function done() {
      clearTimeout(timer);
      response.off("close", done);
      resolve();
    }
  });
}
