import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { control } from "./control.ts";
import { exchange } from "./exchange.ts";
import { isForeign } from "./guard.ts";
import { Project } from "./project.ts";

const CONTROL_PATH = /^\/_control\/([\w.~-]+)(?:\/(\w*))?$/;
const PROJECT_PATH = /^\/p\/([\w.~-]+)(\/.*)$/;
const PROJECT_NAME = /^[\w.~-]+$/;

export interface Page {
  owns(path: string, method: string): boolean;
  serve(path: string, query: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export interface ServerOptions {
  /** How many events and requests a project keeps; all if left out. */
  keep?: number;
  /** Called with each new project. */
  opened?(project: Project): void;
  /** Paths that are not PostHog's. They are kept from foreign pages. */
  page?: Page;
}

/** The listening socket, and which request goes to which project. */
export class HttpServer {
  readonly #server: Server = createServer((request, response) => {
    // Whoever leaves in the middle of a request, or asks for an impossible fault, ends that request alone.
    this.#serve(request, response).catch(() => response.destroy());
  });
  readonly #projects = new Map<string, Project>();
  #hostname = "";
  #url = "";

  constructor(readonly options: ServerOptions = {}) {}

  /** Without a slash at the end. */
  get url(): string {
    return this.#url;
  }

  async listen(port: number, hostname: string) {
    // An idle connection closed under a client about to use it again would look like a fault.
    this.#server.keepAliveTimeout = 0;
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, hostname, () => resolve());
    });
    const name = hostname.includes(":") ? `[${hostname}]` : hostname;
    this.#hostname = name;
    this.#url = `http://${name}:${(this.#server.address() as AddressInfo).port}`;
  }

  get projects(): string[] {
    return [...this.#projects.keys()];
  }

  project(name: string): Project {
    if (!PROJECT_NAME.test(name)) throw new TypeError(`not a project name: ${name}`);
    let project = this.#projects.get(name);
    if (project === undefined) {
      project = new Project(name, `${this.#url}/p/${name}`, this.options.keep);
      this.#projects.set(name, project);
      this.options.opened?.(project);
    }
    return project;
  }

  async close() {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const project of this.#projects.values()) project.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse) {
    const [, pathname, query] = /^([^?]*)(.*)$/s.exec(request.url!)!;
    const [, controlled, action = ""] = CONTROL_PATH.exec(pathname) ?? [];
    const { page } = this.options;
    const isPage = page?.owns(pathname, request.method!) ?? false;
    if ((controlled !== undefined || isPage) && isForeign(request, this.#hostname)) return forbid(response);
    if (controlled !== undefined) {
      return await control(this.project(controlled), action, new URLSearchParams(query), request, response);
    }
    if (isPage) return await page!.serve(pathname, query, request, response);
    const [, name = "default", path = pathname] = PROJECT_PATH.exec(pathname) ?? [];
    response.setHeader("access-control-allow-origin", request.headers.origin ?? "*");
    await exchange(this.project(name), path, query, request, response);
  }
}

function forbid(response: ServerResponse) {
  response.writeHead(403, { "content-type": "text/plain; charset=utf-8" });
  response.end("not for pages from elsewhere");
}
