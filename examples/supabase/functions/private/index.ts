import { privateApp } from "./app.ts";

Deno.serve(privateApp.fetch);
