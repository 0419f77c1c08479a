// What an instance sends, as it leaves: each request carries the id of its test, and is written down.
import type { FetchInit } from "../../pkg/full.js";

/** As suites want to read it. */
interface RequestMade {
  timestamp_ms: number;
  /** 0 as long as there is no answer. */
  status_code: number;
  /** How often any of its events had been sent before. */
  retry_attempt: number;
  event_count: number;
  uuid_list: string[];
}

export class Traffic {
  readonly requests: RequestMade[] = [];
  readonly #sent = new Map<string, number>();
  readonly #headers: Record<string, string>;

  constructor(testId?: string) {
    this.#headers = testId === undefined ? {} : { "X-Test-Id": testId };
  }

  get retries(): number {
    return this.requests.filter(({ retry_attempt }) => retry_attempt > 0).length;
  }

  readonly fetch = async (url: string, init: FetchInit): Promise<Response> => {
    const uuids = await uuidsOf(init.body);
    const times = uuids.map((uuid) => this.#sent.get(uuid) ?? 0);
    uuids.forEach((uuid, at) => this.#sent.set(uuid, times[at]! + 1));
    const made: RequestMade = {
      timestamp_ms: Date.now(),
      status_code: 0,
      retry_attempt: Math.max(0, ...times),
      event_count: uuids.length,
      uuid_list: uuids,
    };
    this.requests.push(made);
    const response = await fetch(
      url,
      { ...init, headers: { ...init.headers, ...this.#headers } } as RequestInit,
    );
    made.status_code = response.status;
    return response;
  };
}

/** Of the events in a body; none in what asks for flags. */
async function uuidsOf(body: unknown): Promise<string[]> {
  if (body === undefined) return [];
  const { body: stream } = new Response(body as BodyInit);
  const isPacked = typeof body !== "string";
  const text = new Response(isPacked ? stream!.pipeThrough(new DecompressionStream("gzip")) : stream).json();
  const { batch = [] } = await text;
  return batch.map(({ uuid }: { uuid: string }) => uuid);
}
