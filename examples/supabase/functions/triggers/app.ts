// What the database, its cron jobs and Stripe call.
import { Hono } from "hono";
import { requestId } from "hono/request-id";
import { answerError } from "../_shared/errors.ts";
import { databaseSecret } from "../_shared/secret.ts";
import { cron } from "./cron.ts";
import { rows } from "./rows.ts";
import { stripe } from "./stripe.ts";
import { usage } from "./usage.ts";

export const triggers = new Hono().basePath("/triggers");

triggers.onError(answerError);
triggers.use(requestId());
// Before the secret is asked for: Stripe does not know it, and signs instead.
triggers.route("/", stripe);
triggers.use(databaseSecret);
triggers.route("/", rows);
triggers.route("/", usage);
triggers.route("/", cron);
