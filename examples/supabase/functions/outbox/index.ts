import { outbox } from "./app.ts";

Deno.serve(outbox.fetch);
