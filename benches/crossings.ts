// What one warm capture sets going, counted: see crossings.js. `deno task crossings [--list]`
import { benched } from "./benched.ts";
import * as tools from "../tools/tools.ts";

await benched((app) => tools.run("node", ["crossings.js", ...Deno.args], { cwd: app }));
