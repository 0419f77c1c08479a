// What is personal stays here. Planted in every place where the rules hold, and looked for in the
// bytes that arrived.
import { client, same, truthy } from "./check.js";

const PERSONAL = ["ada@example.com", "cus_NffrFeUfNV2Hib"];
const SECRETS = [
  "sk_live_51Hxyz0123456789abc",
  "whsec_0123456789abcdef0123",
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
  "password=hunter2",
  "postgres://app:hunter2@db.example.com/app",
];
export const PLANTED = [...PERSONAL, ...SECRETS];

/** One planted value in every corner of an object. */
export const everywhere = (value) => ({
  plain: value,
  inside: `see ${value}, please`,
  deep: { deeper: [{ owner: value }, [value, "kept"]] },
  kept: "a plain value",
});

async function bytes(t) {
  const { requests } = await t.project.state();
  return requests.map(({ body }) => body).join("\n");
}

/** Sends planted identifiers in whatever a method takes; the bytes that arrived, without any of them. */
export async function withoutThePlanted(t, privacy) {
  const group = t.posthog.trusted("organization", "org_1", "row");
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
  const sent = await bytes(t);
  for (const planted of [...PLANTED, "10.1.2.3", "2001:db8::7"]) truthy(!sent.includes(planted), planted);
  truthy(sent.includes("a plain value"), "what may leave");
  return sent;
}

export const tests = {
  async "no planted identifier leaves in a profile or an exception"(t) {
    const sent = await withoutThePlanted(t, { persons: "strict" });
    truthy(sent.includes("[redacted]"), "what stands in their place");
  },

  async "a person's e-mail is sent, and no secret is"(t) {
    const posthog = client(t);
    const [mail, customer] = PERSONAL;
    for (const secret of SECRETS) {
      const properties = { mail, customer, deep: { note: `see ${secret}`, mail } };
      for (
        const sent of [
          posthog.identify({ distinctId: "u", properties, setOnce: properties }),
          posthog.capture({ event: "e", distinctId: "u", set: properties, setOnce: properties }),
          posthog.capture({
            event: "e",
            distinctId: "u",
            properties: { $set: properties, $set_once: properties },
          }),
        ]
      ) {
        const { status, warnings } = await sent;
        same([status, warnings.map(({ code }) => code)], ["accepted", [
          "identifier_dropped",
          "identifier_dropped",
        ]]);
      }
    }
    const sent = await bytes(t);
    for (const secret of SECRETS) truthy(!sent.includes(secret), secret);
    truthy(!sent.includes("hunter2"), "a password");
    const { events } = await t.project.state();
    const profiles = events.flatMap(({ properties: { $set, $set_once }, $set: set, $set_once: once }) =>
      [$set, $set_once, set, once].filter(Boolean)
    );
    truthy(profiles.length >= 2 * SECRETS.length, `${profiles.length} profiles`);
    for (const profile of profiles) same(profile, { mail, customer, deep: { mail } });
  },

  async "the value of a password is left out by its name, and a name by nothing"(t) {
    const group = t.posthog.trusted("organization", "org_1", "row");
    const properties = {
      password: "hunter",
      reset_password: "sent",
      sub_createdAt: "2026-01-02",
      src_Google: 3,
      "logo@2x.png": "pkg@1.0.0-beta.rc",
    };
    const { password: _, ...left } = properties;
    same((await client(t).groupIdentify({ group, properties })).warnings.map(({ field }) => field), [
      "properties.password",
    ]);
    same((await t.project.arrived(1)).groups.organization.org_1, left);
  },

  async "text is cleaned before it is cut"(t) {
    for (const fill of [9_995, 9_990]) {
      const message = `${"x ".repeat(fill / 2)}ada.lovelace@example.com`;
      await client(t).captureException(new Error(message), "u");
    }
    const named = new Error("m");
    named.name = `${"N ".repeat(147)}ada.lovelace@example.com`;
    await client(t).captureException(named, "u");
    truthy(!(await bytes(t)).includes("ada."), "half of an e-mail");
  },

  async "persons may be treated like groups"(t) {
    const outcome = await client(t, { privacy: { persons: "lax" } }).identify({ distinctId: "u" });
    same([outcome.status, outcome.error.field], ["invalid", "privacy.persons"]);
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
