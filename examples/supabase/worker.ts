// The same functions as one Cloudflare Worker.
import { Hono } from "hono";
import { build } from "./functions/build/app.ts";
import { privateApp } from "./functions/private/app.ts";
import { triggers } from "./functions/triggers/app.ts";

const app = new Hono();
for (const functions of [triggers, privateApp, build]) app.route("/", functions);

export default app;
