import { triggers } from "./app.ts";

Deno.serve(triggers.fetch);
