import type { Project } from "../receiver/project.ts";
import { HttpServer } from "../receiver/server.ts";
import type { ProjectState } from "../shared.ts";
import { api } from "./api.ts";
import { Journal, type Reader } from "./journal.ts";
import { readLines, toLine } from "./lines.ts";
import { serveFile } from "./site.ts";

export interface InspectorOptions {
  port?: number;
  hostname?: string;
  keep?: number;
}

const KEEP = 100_000;
const PAGE_PATH = /^\/(?:$|favicon\.ico$|_inspector(?:\/|$))/;
const API_PATH = /^\/_inspector\/api\/([\w.~-]+)\/(\w+)$/;

/** A PostHog on this machine with a page that shows what it gets, and what it makes of it. */
export class Inspector implements AsyncDisposable {
  readonly #server: HttpServer;
  readonly #journals = new Map<string, Journal>();
  readonly #keep: number;
  /** Called with each journal, when its project is first used. */
  opened?: (journal: Journal) => void;

  constructor(keep: number) {
    this.#keep = keep;
    this.#server = new HttpServer({
      keep,
      opened: (project) => this.#open(project),
      page: {
        owns: (path, method) => PAGE_PATH.test(path) && (method === "GET" || path.startsWith("/_inspector")),
        serve: (path, query, request, response) => {
          const [, name, action] = API_PATH.exec(path) ?? [];
          if (name !== undefined) {
            const journal = this.journal(name);
            return api(
              journal,
              () => this.#state(journal),
              action,
              new URLSearchParams(query),
              request,
              response,
            );
          }
          const file = path === "/" ? "index.html" : path === "/favicon.ico" ? "icon.svg" : path.slice(12);
          return serveFile(file, response);
        },
      },
    });
  }

  /** The page, and the host of the project called `default`. */
  get url(): string {
    return this.#server.url;
  }

  listen(port: number, hostname: string): Promise<void> {
    return this.#server.listen(port, hostname);
  }

  project(name = "default"): Project {
    return this.#server.project(name);
  }

  journal(name = "default"): Journal {
    this.project(name);
    return this.#journals.get(name)!;
  }

  /** All events as lines of JSON. */
  export(name?: string): string {
    return [...this.journal(name).rows].map((row) => `${toLine(row)}\n`).join("");
  }

  /** Reads lines of JSON, and gives their number. Throws a TypeError for a wrong one, and then reads none. */
  import(lines: string, name?: string): number {
    return readLines(lines, this.journal(name));
  }

  async close(): Promise<void> {
    await this.#server.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #open(project: Project) {
    const journal = new Journal(project, this.#keep);
    project.observer = journal;
    this.#journals.set(project.name, journal);
    // Every page has the list of projects.
    for (const { readers } of this.#journals.values()) {
      for (const reader of readers as Set<Reader>) reader.state();
    }
    this.opened?.(journal);
  }

  #state({ project, keep }: Journal): ProjectState {
    const [fault] = project.faultsAhead;
    return {
      project: project.name,
      projects: this.#server.projects,
      fault: fault && fault.mode !== "none"
        ? { mode: fault.mode, status: "status" in fault ? fault.status : undefined, times: fault.times }
        : null,
      openConnections: project.openConnections,
      groupTypes: project.groupTypes,
      keep,
    };
  }
}

/** Starts an inspector on loopback, on any free port unless told otherwise. */
export async function startInspector(options: InspectorOptions = {}): Promise<Inspector> {
  const { port = 0, hostname = "127.0.0.1", keep = KEEP } = options;
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new TypeError("port must be from 0 to 65535");
  }
  if (typeof hostname !== "string") throw new TypeError("hostname must be an address to listen on");
  if (!(Number.isInteger(keep) && keep > 0)) throw new TypeError("keep must be a number of events");
  const inspector = new Inspector(keep);
  await inspector.listen(port, hostname);
  return inspector;
}
