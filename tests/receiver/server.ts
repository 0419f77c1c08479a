import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { control } from "./control.ts";
import { allowEverything, exchange } from "./exchange.ts";
import { Project } from "./project.ts";

const CONTROL_PATH = /^\/_control\/([\w.~-]+)(?:\/(\w*))?$/;
const PROJECT_PATH = /^\/p\/([\w.~-]+)(\/.*)$/;
const PROJECT_NAME = /^[\w.~-]+$/;

/** The listening socket, and which request goes to which project. */
export class HttpServer {
  readonly #server: Server = createServer((request, response) => this.#serve(request, response));
  readonly #projects = new Map<string, Project>();
  #url = "";

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
    this.#url = `http://${hostname}:${(this.#server.address() as AddressInfo).port}`;
  }

  project(name: string): Project {
    if (!PROJECT_NAME.test(name)) throw new TypeError(`not a project name: ${name}`);
    let project = this.#projects.get(name);
    if (project === undefined) {
      project = new Project(name, `${this.#url}/p/${name}`);
      this.#projects.set(name, project);
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
    response.setHeader("access-control-allow-origin", request.headers.origin ?? "*");
    const [, pathname, query] = /^([^?]*)(.*)$/s.exec(request.url!)!;
    const [, controlled, action = ""] = CONTROL_PATH.exec(pathname) ?? [];
    if (controlled === undefined) {
      const [, name = "default", path = pathname] = PROJECT_PATH.exec(pathname) ?? [];
      await exchange(this.project(name), path, query, request, response);
    } else if (request.method === "OPTIONS") {
      allowEverything(request, response);
    } else {
      await control(this.project(controlled), action, new URLSearchParams(query), request, response);
    }
  }
}
