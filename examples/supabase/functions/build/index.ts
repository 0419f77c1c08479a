import { build } from "./app.ts";

Deno.serve(build.fetch);
