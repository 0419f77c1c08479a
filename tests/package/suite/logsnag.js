// LogSnag, which the full client tells beside PostHog: nothing personal reaches it.
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
};
