import type { IncomingMessage, ServerResponse } from "node:http";
import type { ProjectState } from "../shared.ts";
import type { Journal } from "./journal.ts";
import { readLines, toLine } from "./lines.ts";
import { HEADERS } from "./site.ts";
import { stream } from "./stream.ts";

/** So much may be imported at a time. */
const IMPORT_BYTES = 256 * 1024 * 1024;

/** What the page asks for; `action` is the path behind `/_inspector/api/`. */
export async function api(
  journal: Journal,
  state: () => ProjectState,
  action: string,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const { knowledge } = journal;
  const [type, key, search] = ["type", "key", "search"].map((name) => query.get(name) ?? "");
  switch (`${request.method} ${action}`) {
    case "GET stream":
      return stream(journal, state, response);
    case "GET event": {
      const row = journal.row(Number(query.get("id")));
      return answer(response, row ? 200 : 404, row ? journal.detail(row) : null);
    }
    case "GET groups":
      return answer(response, 200, knowledge.groups(type, search));
    case "GET group":
      return answer(response, 200, knowledge.group(type, key));
    case "GET persons":
      return answer(response, 200, knowledge.persons(search));
    case "GET person":
      return answer(response, 200, knowledge.person(key));
    case "GET properties":
      return answer(response, 200, knowledge.propertyNames(type));
    case "GET timelines":
      return answer(response, 200, knowledge.timelines(type, query.get("property") ?? ""));
    case "GET export":
      return await exported(journal, response);
    case "POST import": {
      const text = await textOf(request);
      if (text === undefined) return answer(response, 413, { error: "the file is too large" });
      try {
        return answer(response, 200, { events: readLines(text, journal) });
      } catch (error) {
        return answer(response, 400, { error: error instanceof Error ? error.message : String(error) });
      }
    }
    default:
      return answer(response, 404, null);
  }
}

async function exported({ rows, project }: Journal, response: ServerResponse) {
  response.writeHead(200, {
    ...HEADERS,
    "content-type": "application/x-ndjson; charset=utf-8",
    "content-disposition": `attachment; filename="${project.name}.jsonl"`,
  });
  // What comes while this is sent is not part of it.
  for (const row of [...rows]) {
    if (!response.write(`${toLine(row)}\n`)) {
      await new Promise<void>((resolve) => {
        response.once("drain", resolve);
        response.once("close", resolve);
      });
    }
    if (response.destroyed) return;
  }
  response.end();
}

function answer(response: ServerResponse, status: number, body: unknown) {
  response.writeHead(status, { ...HEADERS, "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    // The rest is read and thrown away, so that the answer arrives.
    if (bytes <= IMPORT_BYTES) text += decoder.decode(chunk, { stream: true });
  }
  return bytes <= IMPORT_BYTES ? text + decoder.decode() : undefined;
}
