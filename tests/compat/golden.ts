// Reads the golden files: calls, and the whole of what the replaced functions did, derived by hand from their
// record. A file is `{ row, templates?, cases }`; with templates each case fills each of them, `"@name"` standing
// for the case's member of that name. What is the same in most cases is left out of the files:
import { anything, type Call, type Expected, type World } from "./world.ts";

const usual = {
  env: { POSTHOG_API_KEY: "phc_test" },
  context: {
    requestId: "request-1",
    method: "POST",
    url: "https://api.example.com/private/events?verbose=1",
  },
  world: {
    posthog: { status: 200, body: '{"status":1}' },
    logsnag: { status: 200, body: "{}" },
    background: "promise",
    notify: { gives: true },
  } satisfies World,
  headers: { "content-type": "application/json" },
};

// deno-lint-ignore no-explicit-any
type Json = any;

export interface Golden {
  /** The part of the record that it was derived from. */
  row: string;
  name: string;
  call(): Call;
  expected: Expected;
}

export async function goldens(): Promise<Golden[]> {
  const folder = new URL("golden/", import.meta.url);
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  const files = await Promise.all(
    names.map(async (name) => JSON.parse(await Deno.readTextFile(new URL(name, folder)))),
  );
  return files.flatMap(({ row, templates, cases }) =>
    cases.flatMap((one: Json) =>
      (templates ?? [one]).map((template: Json) => golden(row, templates ? fill(template, one) : one))
    )
  );
}

function golden(row: string, { name, call, env, context, payload, options, world, expected }: Json): Golden {
  return {
    row,
    name: `${row}: ${call}, ${name}`,
    call: () => ({
      function: call,
      env: { ...usual.env, ...env },
      context: { ...usual.context, ...revive(context) },
      payload: revive(payload),
      options: revive(options),
      world: { ...usual.world, ...revive(world) } as World,
    }),
    expected: {
      requests: (expected.requests ?? []).map(({ to, headers, body }: Json) => {
        const [method, url] = to.split(" ");
        return { method, url, headers: headers ?? usual.headers, body: JSON.stringify(revive(body)) };
      }),
      tracked: revive(expected.tracked ?? []),
      logs: (expected.logs ?? []).map((line: Json) => {
        const [[how, record]] = Object.entries<Json>(line);
        return { how, record: { requestId: "request-1", ...revive(record) } };
      }),
      background: expected.background ?? [],
      tasks: expected.tasks ?? [],
      notified: revive(expected.notified ?? []),
      result: expected.rejects ? { rejects: expected.rejects } : { returned: expected.returns },
    },
  };
}

function fill(template: Json, one: Json): Json {
  return JSON.parse(JSON.stringify(template), (_, value) => {
    const name = typeof value === "string" && value.startsWith("@") ? value.slice(1) : undefined;
    if (name !== undefined && name in one) return one[name];
    return typeof value === "string" ? value.replace(/\{@(\w+)\}/g, (_, name) => one[name]) : value;
  });
}

/** JSON has no `undefined`, dates, errors and long texts: `{ "@undefined": true }`, `{ "@date": "…" }`, … */
export function revive(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(revive);
  if ("@undefined" in value) return undefined;
  if ("@number" in value) return Number(value["@number"]);
  if ("@utf16" in value) return String.fromCharCode(...value["@utf16"]);
  if ("@date" in value) return new Date(value["@date"]);
  if ("@anything" in value) return anything;
  if ("@repeat" in value) return value["@repeat"].repeat(value.times);
  if ("@deep" in value) return deep(value["@deep"]);
  if ("@toJSON" in value) return { toJSON: () => value["@toJSON"] };
  if ("@error" in value) return error(value["@error"]);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, revive(inner)]));
}

function error({ name, message, stack, cause }: Json): Error {
  const made = new Error(message, cause === undefined ? undefined : { cause: revive(cause) });
  made.name = name;
  const text = Array.isArray(stack) ? stack.join("\n") : stack ?? undefined;
  return Object.defineProperty(made, "stack", { value: text, configurable: true, writable: true });
}

/** `[[…["bottom"]…]]` */
function deep(levels: number): Json {
  let value: Json = "bottom";
  for (let i = 0; i < levels; i++) value = [value];
  return value;
}
