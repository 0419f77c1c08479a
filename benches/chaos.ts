// Everything at once: a PostHog that fails, and a host whose own code fails too. Nothing may reach the host, every call
// must end, and what was queued must arrive. `deno task chaos [seconds]`
import { benched } from "./benched.ts";
import * as tools from "../tools/tools.ts";

await benched((app) => tools.run("node", ["chaos_client.js", Deno.args[0] ?? "30"], { cwd: app }));
