// `wire_client.js` as a Worker.
import { sendAll } from "./wire_client.js";

export default {
  fetch: async (_request, env) => Response.json(await sendAll(env.RECEIVER)),
};
