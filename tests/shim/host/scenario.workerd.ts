// The scenario as a Worker has it: names from package.json, settings from `env`, `waitUntil` of its context.
import { app, settings } from "./scenario.ts";

export default {
  fetch: (request: Request, env: object, context: { waitUntil(task: Promise<unknown>): void }) =>
    app.fetch(request, { ...env, ...settings }, context as never),
};
