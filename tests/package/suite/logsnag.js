// LogSnag, which the full client tells beside PostHog: what it is told, and that its trouble is its own.
import { client, same, truthy } from "./check.js";
import { everywhere, PLANTED } from "./privacy.js";

export const tests = {
  async "LogSnag is told nothing personal, whatever an event has"(t) {
    const logsnag = new t.project.constructor(t.receiver, `${t.name}-logsnag`);
    const options = { logsnag: { token: "secret", project: "app", host: logsnag.host } };
    const row = { id: "org_1", name: "Acme", created_at: "2025-01-02T03:04:05Z" };
    const fields = ["management_email", "website", "customer_id", "note", "created_by"];
    for (const planted of PLANTED) {
      for (const field of fields) row[field] = planted;
      const said = t.posthog.organizationCreated(row, {
        properties: everywhere(planted),
        description: `by ${planted}`,
      });
      same((await client(t, options).track(said)).providers.logsnag.status, "accepted");
    }
    const { requests } = await logsnag.state();
    const told = requests.map(({ body }) => body).join("\n");
    for (const planted of PLANTED) truthy(!told.includes(planted), planted);
    same(requests.length, PLANTED.length);
    const profiles = JSON.stringify((await t.project.state()).groups);
    for (const planted of PLANTED) truthy(!profiles.includes(planted), planted);
  },

  async "LogSnag is told what LogSnag knows, and each provider's trouble is its own"(t) {
    const logsnag = new t.project.constructor(t.receiver, `${t.name}-logsnag`);
    const options = { logsnag: { token: "secret", project: "app", host: logsnag.host } };
    const rows = () =>
      t.posthog.organizationCreated({ id: "org_1", name: "Acme", created_at: "2025-01-02T03:04:05Z" }, {
        properties: { seats: 3, deep: { no: 1 }, none: null },
      });
    const outcome = await client(t, options).track(rows());
    same([outcome.status, outcome.providers.logsnag.status, outcome.providers.posthog.status], [
      "accepted",
      "accepted",
      "accepted",
    ]);
    const { requests: [told] } = await logsnag.state();
    same([told.path, told.headers.authorization, JSON.parse(told.body)], ["/v1/log", "Bearer secret", {
      project: "app",
      channel: "org-created",
      event: "Org Created",
      icon: "🎉",
      user_id: "org_1",
      notify: false,
      timestamp: 1735787045,
      tags: { seats: 3 },
    }]);
    const body = async () => (await t.project.state()).requests.at(-1).body;
    const alone = await body();
    for (
      const fault of [{ mode: "status", status: 500 }, { mode: "hang" }, { mode: "reset" }, {
        mode: "drip",
        status: 500,
      }]
    ) {
      await logsnag.faults(fault);
      const { providers, events, ok } = await client(t, { ...options, budgetMs: 1000 }).track(rows());
      same([providers.posthog.status, events[0].status, ok], ["accepted", "accepted", false], fault.mode);
      truthy(providers.logsnag.status !== "accepted", fault.mode);
      same(await body(), alone, fault.mode);
    }
    await logsnag.faults();
    await t.project.faults({ mode: "status", status: 503 });
    const down = await client(t, options).track(rows());
    same([down.status, down.providers.posthog.status, down.providers.logsnag.status], [
      "unreachable",
      "unreachable",
      "accepted",
    ]);
    same((await logsnag.state()).requests.at(-1).body, told.body);
    await t.project.faults();
    const none = await client(t).track(rows());
    same([none.status, none.providers.logsnag.status, none.providers.logsnag.reason], [
      "accepted",
      "skipped",
      "not_configured",
    ]);
    same(
      (await client(t, options).capture({ event: "Quiet", distinctId: "u" })).providers.logsnag,
      undefined,
    );
  },

  async "a hook's last word goes for LogSnag too"(t) {
    const logsnag = new t.project.constructor(t.receiver, `${t.name}-logsnag`);
    await logsnag.faults();
    const options = { logsnag: { token: "secret", project: "app", host: logsnag.host } };
    const row = { app_id: "com.x", owner_org: "org_1" };
    const without = (event) => {
      delete event.properties.app_id;
      return event;
    };
    await client(t, { ...options, before_send: without }).track(t.posthog.appCreated(row));
    same(JSON.parse((await logsnag.state()).requests[0].body).tags, {
      is_demo: "false",
      need_onboarding: "false",
    });
    await client(t, { ...options, before_send: () => null }).track(t.posthog.appCreated(row));
    same((await logsnag.state()).requests.length, 1);
  },

  async "a LogSnag that is set up wrongly is its own trouble, and so is a PostHog that is not set up"(t) {
    const rows = () => t.posthog.organizationCreated({ id: "org_1", created_at: "2025-01-02T03:04:05Z" });
    const wrong = await client(t, { logsnag: { token: "t" } }).track(rows());
    same([wrong.providers.posthog.status, wrong.providers.logsnag.status, wrong.events[0].status], [
      "accepted",
      "invalid",
      "accepted",
    ]);
    const { code, field, message } = wrong.error;
    same([wrong.status, code, field, message], [
      "invalid",
      "invalid_config",
      "logsnag.project",
      "is missing",
    ]);
    for (const [logsnag, field] of [[{ token: 5 }, "token"], [{ token: "t", project: 5 }, "project"]]) {
      same((await client(t, { logsnag }).track(rows())).error.field, `logsnag.${field}`);
    }
    same((await client(t, { logsnag: "tok" }).track(rows())).warnings, []);
    const logsnag = new t.project.constructor(t.receiver, `${t.name}-logsnag`);
    const alone = new t.posthog.PostHog("", {
      logger: () => {},
      logsnag: { token: "t", project: "p", host: logsnag.host },
    });
    const outcome = await alone.track(rows());
    same([outcome.providers.posthog.reason, outcome.providers.logsnag.status, outcome.events[0].status], [
      "not_configured",
      "accepted",
      "skipped",
    ]);
    same((await logsnag.state()).requests.length, 1);
  },

  async "what LogSnag is not told is said"(t) {
    const logsnag = new t.project.constructor(t.receiver, `${t.name}-logsnag`);
    const posthog = client(t, { logsnag: { token: "secret", project: "p", host: logsnag.host } });
    const { status, warnings } = await posthog.track({
      kind: "capture",
      event: "Invite for jane@acme.io",
      distinctId: "jane@acme.io",
      channel: "ops",
      description: "paused by jane@acme.io",
      properties: { by: "jane@acme.io", app_id: "a" },
    });
    const fields = ["event", "description", "user_id", "tags.by"].map((field) => `logsnag.${field}`);
    same([status, warnings.map(({ code, field }) => [code, field])], [
      "accepted",
      fields.map((field) => ["identifier_dropped", field]),
    ]);
    const { requests: [{ body }] } = await logsnag.state();
    same(JSON.parse(body), {
      project: "p",
      channel: "ops",
      event: "Invite for [redacted]",
      timestamp: JSON.parse(body).timestamp,
      tags: { app_id: "a" },
    });
  },
};
