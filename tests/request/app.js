// A real Hono application whose requests have their PostHog. `client` is one, or gives one for a context.
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { requestId } from "hono/request-id";
import { trusted, verify } from "posthog-wasm";
import { posthogContext } from "posthog-wasm/hono";

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export function application(client, storage) {
  const app = new Hono();
  // What Hono's own middleware made is the request's id; the ones below are for a part once more.
  app.use("/own-id/*", requestId({ generator: () => "hono-id" }));
  app.use(posthogContext({ client, storage }));
  app.use("/part/*", posthogContext({ client, storage }));
  app.use("/users/:user/*", async (c, next) => {
    const { user } = c.req.param();
    c.var.posthog.setDistinctId(user);
    c.var.posthog.setGroups([await verify("organization", `org-${user}`, () => true)]);
    await next();
  });
  app.get("/users/:user/slow", async (c) => {
    for (const step of [1, 2, 3]) {
      await sleep(Math.random() * 10);
      c.var.posthog.capture({ event: `Step ${step}` });
    }
    return c.text("ok");
  });
  app.get("/users/:user/boom", () => {
    throw new TypeError("boom");
  });
  app.get("/part/boom", () => {
    throw new Error("once");
  });
  app.get("/own-id/boom", () => {
    throw new Error("with its id");
  });
  app.get("/text", () => {
    throw "text";
  });
  app.get("/missing", () => {
    throw new HTTPException(404, { message: "no such thing" });
  });
  app.get("/broken", () => {
    throw new HTTPException(503, { message: "try later" });
  });
  app.get("/deep", async (c) => {
    await sleep(1);
    await deep(storage);
    return c.text("ok");
  });
  app.get("/stream", (c) => {
    const pieces = ["a", "b", "c"];
    const body = new ReadableStream({
      async pull(controller) {
        await sleep(1);
        const piece = pieces.shift();
        if (piece === undefined) controller.close();
        else controller.enqueue(new TextEncoder().encode(piece));
      },
    });
    c.var.posthog.setGroups([trusted("organization", "org_1")]);
    c.header("x-kept", "yes");
    return c.body(body, 203);
  });
  // A part with its own way to answer errors.
  const mapped = new Hono();
  mapped.onError((error, c) => c.text(error.message, error.message === "invalid" ? 422 : 500));
  mapped.get("/invalid", () => {
    throw new Error("invalid");
  });
  mapped.get("/fault", () => {
    throw new Error("fault");
  });
  app.route("/mapped", mapped);
  return app;
}

/** Nobody hands it the request. */
async function deep(storage) {
  await storage.getStore().capture({ event: "Deep" });
}
