// The package behind the HTTP interface that outside suites drive SDKs by. It has no protocol logic of its own: each
// instance hands what it is asked to the package, and says what came of it.
import { AnalyticsError } from "../../pkg/full.js";
import packed from "../../pkg/package.json" with { type: "json" };
import { type Given, Instance, type Protocol } from "./instance.ts";

const ADAPTER_VERSION = "1.0.0";

export interface AdapterOptions {
  /** Any free one if left out. */
  port?: number;
  /** Loopback if left out: whoever reaches it can make it send anywhere. */
  hostname?: string;
  protocol?: Protocol;
}

export interface Adapter extends AsyncDisposable {
  readonly url: string;
}

type Endpoint = (instance: Instance, given: Given) => unknown;

const ENDPOINTS: Record<string, Endpoint> = {
  "POST /capture": (instance, given) => ({ success: true, uuid: instance.capture(given) }),
  "POST /capture_ai": (instance, given) => ({ success: true, uuid: instance.captureAi(given) }),
  "POST /flush": async (instance) => ({ success: true, events_flushed: await instance.flush() }),
  "POST /get_feature_flag": (instance, given) => instance.getFeatureFlag(given),
  "GET /state": (instance) => instance.state(),
};

/** Serves until it is disposed of. */
export function startAdapter(options: AdapterOptions = {}): Adapter {
  const { port = 0, hostname = "127.0.0.1", protocol = "v0" } = options;
  const instances = new Map<string | undefined, Instance>();

  const end = async (testId: string | undefined) => {
    const instance = instances.get(testId);
    instances.delete(testId);
    await instance?.end();
  };

  async function answer(request: Request): Promise<unknown> {
    const { pathname, searchParams } = new URL(request.url);
    const testId = searchParams.get("test_id") ?? undefined;
    switch (`${request.method} ${pathname}`) {
      case "GET /health":
        return health(protocol);
      case "POST /init":
        await end(testId);
        instances.set(testId, new Instance(await givenBy(request), protocol, testId));
        return { success: true };
      case "POST /reset":
        await end(testId);
        return { success: true };
    }
    const endpoint = ENDPOINTS[`${request.method} ${pathname}`];
    if (!endpoint) return refusal(404, "there is no such endpoint");
    const instance = instances.get(testId);
    if (!instance) return refusal(400, "init comes first");
    return await endpoint(instance, await givenBy(request));
  }

  const server = Deno.serve({ port, hostname, onListen() {} }, async (request) => {
    try {
      const body = await answer(request);
      return body instanceof Response ? body : Response.json(body);
    } catch (error) {
      const isMistake = error instanceof AnalyticsError || error instanceof SyntaxError;
      return refusal(isMistake ? 400 : 500, String(error));
    }
  });
  return {
    url: `http://${hostname}:${server.addr.port}`,
    async [Symbol.asyncDispose]() {
      await Promise.all([...instances.keys()].map(end));
      await server.shutdown();
    },
  };
}

function health(protocol: Protocol) {
  return {
    sdk_name: packed.name,
    sdk_version: packed.version,
    adapter_version: ADAPTER_VERSION,
    supports_parallel: true,
    capabilities: [`capture_${protocol}`, "capture_ai_v0", "encoding_gzip"],
  };
}

/** A request's JSON; a null is what is not given. */
async function givenBy(request: Request): Promise<Given> {
  const text = await request.text();
  const body: Given = text === "" ? {} : JSON.parse(text);
  return Object.fromEntries(Object.entries(body ?? {}).filter(([, value]) => value !== null));
}

const refusal = (status: number, error: string) => Response.json({ success: false, error }, { status });
