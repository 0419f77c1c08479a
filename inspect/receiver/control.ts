import type { IncomingMessage, ServerResponse } from "node:http";
import type { AcceptedEvent } from "./capture.ts";
import { stringify } from "./json.ts";
import { isObject } from "./profiles.ts";
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
    case "GET events": {
      const [name, person, type, key] = ["event", "person", "type", "key"].map((name) => query.get(name));
      const found = project.distinct().filter((event) =>
        (name === null || event.event === name) && (person === null || event.distinct_id === person) &&
        (type === null || isOfGroup(event, type, key))
      );
      return answer(response, 200, found);
    }
    case "GET group":
      return answer(response, 200, project.group(query.get("type") ?? "", query.get("key") ?? "") ?? null);
    case "GET person":
      return answer(response, 200, project.person(query.get("id") ?? "") ?? null);
    case "POST faults":
      try {
        project.faults(JSON.parse(await textOf(request)));
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

/** An event of this group, or of any of its type; its profile's updates too. */
function isOfGroup({ properties }: AcceptedEvent, type: string, key: string | null): boolean {
  const { $groups: groups, $group_type, $group_key } = properties;
  const own = isObject(groups) && Object.hasOwn(groups, type)
    ? groups[type]
    : $group_type === type
    ? $group_key
    : undefined;
  return own !== undefined && own !== null && (key === null || String(own) === key);
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
