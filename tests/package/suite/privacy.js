// What is personal stays here. Planted in every place where the rules hold, and looked for in the
// bytes that arrived.
import { client, same, truthy } from "./check.js";

export const PLANTED = [
  "ada@example.com",
  "cus_NffrFeUfNV2Hib",
  "sk_live_51Hxyz0123456789abc",
  "whsec_0123456789abcdef0123",
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
];
const KEY = "a key that nobody knows";

/** One planted value in every corner of an object. */
export const everywhere = (value) => ({
  plain: value,
  inside: `see ${value}, please`,
  deep: { deeper: [{ owner: value }, [value, "kept"]] },
  [value]: "as a name",
  kept: "a plain value",
});

async function bytes(t) {
  const { requests } = await t.project.state();
  return requests.map(({ body }) => body).join("\n");
}

export const tests = {
  async "no planted identifier leaves in a profile or an exception"(t) {
    const group = t.posthog.trusted("organization", "org_1", "row");
    for (const privacy of [undefined, { pseudonymKey: KEY }]) {
      const posthog = client(t, { privacy });
      for (const planted of PLANTED) {
        const properties = everywhere(planted);
        const named = new Error("named");
        named.name = `Duplicate ${planted}`;
        named.stack =
          `Error: named\n    at ${planted} (https://cdn.example/u/${planted}/x.js?token=${planted}:3:7)`;
        const error = new Error(`for ${planted}`, {
          cause: new Error(`because of ${planted} at 10.1.2.3 and 2001:db8::7`),
        });
        for (
          const sent of [
            posthog.groupIdentify({ group, properties }),
            posthog.identify({ distinctId: "u", properties, setOnce: properties }),
            posthog.capture({ event: "e", distinctId: "u", set: properties, setOnce: properties }),
            posthog.capture({
              event: "e",
              distinctId: "u",
              properties: { $set: properties, $set_once: properties },
            }),
            posthog.captureException(error, "u"),
            posthog.captureException(named, "u"),
          ]
        ) same((await sent).status, "accepted");
      }
    }
    const sent = await bytes(t);
    for (const planted of [...PLANTED, "10.1.2.3", "2001:db8::7"]) truthy(!sent.includes(planted), planted);
    truthy(
      sent.includes("a plain value") && sent.includes("hmac_") && sent.includes("[redacted]"),
      "what may leave",
    );
  },

  async "what is left out is said, and by its place only"(t) {
    const group = t.posthog.trusted("organization", "org_1", "row");
    const { warnings } = await client(t).groupIdentify({
      group,
      properties: { name: "Acme", owner: { mail: "ada@example.com" }, client_ip: "10.1.2.3" },
    });
    same(warnings.map(({ code, field }) => [code, field]), [
      ["identifier_dropped", "properties.owner.mail"],
      ["identifier_dropped", "properties.client_ip"],
    ]);
    same((await t.project.arrived(1)).groups.organization.org_1, { name: "Acme", owner: {} });
  },

  async "a pseudonym is the same for the same address, and another under another key"(t) {
    const group = t.posthog.trusted("organization", "org_1", "row");
    for (
      const [pseudonymKey, mail] of [[KEY, "ada@example.com"], [KEY, "ADA@example.com"], [
        "another key, as long",
        "ada@example.com",
      ]]
    ) {
      await client(t, { privacy: { pseudonymKey } }).groupIdentify({ group, properties: { mail } });
    }
    const { events } = await t.project.arrived(3);
    const [one, two, three] = events.map(({ properties }) => properties.$group_set.mail);
    truthy(/^hmac_[0-9a-f]{32}$/.test(one) && one === two && one !== three, [one, two, three].join());
    const outcome = await client(t, { privacy: { pseudonymKey: "short" } }).groupIdentify({
      group,
      properties: {},
    });
    same([outcome.status, outcome.error.field], ["invalid", "privacy.pseudonymKey"]);
  },

  async "a profile may be held to a list, and be rid of what should not be there"(t) {
    const group = t.posthog.trusted("organization", "org_1", "row");
    const privacy = {
      allow: { organization: ["name", "plan"] },
      erase: { organization: ["management_email"] },
    };
    const { warnings } = await client(t, { privacy }).groupIdentify({
      group,
      properties: { name: "Acme", seats: 3, plan: null },
    });
    same(warnings.map(({ code, field }) => [code, field]), [["not_allowed", "properties.seats"]]);
    same((await t.project.arrived(1)).groups.organization.org_1, {
      name: "Acme",
      plan: null,
      management_email: null,
    });
  },

  async "an event's own properties are the caller's"(t) {
    await client(t).capture({
      event: "Invited",
      distinctId: "ada@example.com",
      properties: { to: "bob@example.com" },
    });
    const { events: [event] } = await t.project.arrived(1);
    same([event.distinct_id, event.properties.to], ["ada@example.com", "bob@example.com"]);
  },
};
