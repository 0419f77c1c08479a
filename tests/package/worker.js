// The suite as a Worker: bundled and minified as people deploy it.
import * as entries from "./entries.js";
import { runSuite } from "./suite/suite.js";

const uncaught = [];
addEventListener("unhandledrejection", (event) => uncaught.push(String(event.reason?.stack ?? event.reason)));

export default {
  async fetch(_request, env) {
    const { RECEIVER: receiver, RUNTIME: runtime } = env;
    return Response.json(
      await runSuite({ ...entries, receiver, runtime, minified: true, uncaught }),
    );
  },
};
