// The scenario as a Supabase function has it: names from deno.json, settings from the environment, EdgeRuntime.
import { app, settings } from "./scenario.ts";

for (const [name, value] of Object.entries(settings)) Deno.env.set(name, value);
Object.defineProperty(globalThis, "EdgeRuntime", {
  value: {
    // Supabase's runtime takes nothing else, and ends the function where one rejects.
    waitUntil(task: unknown) {
      if (!(task instanceof Promise)) throw new TypeError("waitUntil takes a promise");
    },
  },
});
console.log(await (await app.request("/")).text());
