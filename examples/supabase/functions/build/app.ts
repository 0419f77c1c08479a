// Native builds: asked for with an API key, so the events are a person's, and count for an organization.
import { Hono } from "hono";
import { requestId } from "hono/request-id";
import { apiKey } from "../_shared/api_key.ts";
import { answerError } from "../_shared/errors.ts";
import { analysis } from "./analysis.ts";
import { lifecycle } from "./lifecycle.ts";

export const build = new Hono().basePath("/build");

build.onError(answerError);
build.use(requestId());
build.use(apiKey);
build.route("/", lifecycle);
build.route("/", analysis);
