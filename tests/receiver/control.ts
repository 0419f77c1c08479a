import type { IncomingMessage, ServerResponse } from "node:http";
import { readFaults } from "./faults.ts";
import { stringify } from "./json.ts";
import type { Project } from "./project.ts";

/** The library's methods over HTTP, for test suites in other processes and runtimes. */
export async function control(
  project: Project,
  action: string,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
) {
  switch (`${request.method} ${action}`) {
    case "GET ":
      return answer(response, 200, project.snapshot());
    case "GET wait": {
      const events = Number(query.get("events") ?? 1);
      const ms = Number(query.get("ms") ?? 5000);
      return answer(response, 200, await project.wait({ events, ms }));
    }
    case "POST faults":
      try {
        project.faults(readFaults(JSON.parse(await textOf(request))));
      } catch (error) {
        return answer(response, 400, { error: String(error) });
      }
      return answer(response, 200, { ok: true });
    case "POST flags":
      project.flags = JSON.parse(await textOf(request));
      return answer(response, 200, { ok: true });
    case "POST reset":
      project.reset();
      return answer(response, 200, { ok: true });
    default:
      return answer(response, 404, { error: `no such control: ${request.method} ${action}` });
  }
}

function answer(response: ServerResponse, status: number, body: unknown) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  request.setEncoding("utf8");
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}
