/**
 * A PostHog on loopback, for tests: it takes and refuses what PostHog's capture service takes and
 * refuses, shows what PostHog would make of it, and misbehaves on request.
 *
 * A client's host is `receiver.project("some-name").url`; tests with different names do not disturb each
 * other. Suites in other runtimes start `main.ts` and use the same things over HTTP, under
 * `/_control/some-name`.
 */
import type { Project } from "./project.ts";
import { HttpServer } from "./server.ts";

export type { AcceptedEvent } from "./capture.ts";
export type { Fault, FaultMode } from "./faults.ts";
export type { Properties, Value } from "./json.ts";
export type { Person } from "./persons.ts";
export type { Groups } from "./profiles.ts";
export type { Project, RecordedRequest, Snapshot } from "./project.ts";
export type { PostHogWarning, SilentLoss, Warning, WarningCode } from "./warnings.ts";

export interface ReceiverOptions {
  /** Any free one if left out. */
  port?: number;
  /** A loopback name or address; 127.0.0.1 if left out. */
  hostname?: string;
}

export interface Receiver extends AsyncDisposable {
  /** The host of the project called `default`. */
  readonly url: string;
  /** The project of this name (letters, digits, `_ . ~ -`); it exists as soon as it is asked for. */
  project(name: string): Project;
  /** Ends everything, hanging connections and waits too. */
  close(): Promise<void>;
}

export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const { port = 0, hostname = "127.0.0.1" } = options;
  if (!/^(?:localhost|127(?:\.\d+){3})$/.test(hostname)) {
    throw new TypeError(`the receiver serves loopback only, not ${hostname}`);
  }
  const server = new HttpServer();
  await server.listen(port, hostname);
  const close = () => server.close();
  return { url: server.url, project: (name) => server.project(name), close, [Symbol.asyncDispose]: close };
}
