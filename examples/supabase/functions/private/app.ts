// What signed-in clients call: the console, the command line, apps.
import { Hono } from "hono";
import { requestId } from "hono/request-id";
import { apiKey } from "../_shared/api_key.ts";
import { answerError } from "../_shared/errors.ts";
import { events } from "./events.ts";
import { replay } from "./replay.ts";
import { uploads } from "./uploads.ts";

const app = new Hono().basePath("/private");

app.onError(answerError);
app.use(requestId());
app.use(apiKey);
app.route("/", events);
app.route("/", replay);
app.route("/", uploads);

// `private` is a word of the language, so the name needs one more.
export { app as privateApp };
