// For workerd, whatever bundled it.
import { send } from "./event.js";

export default {
  async fetch(_request, env) {
    return Response.json(await send(env.RECEIVER));
  },
};
