// What stands in an identifier's place under a key, which only the full client takes.
import { client, same, truthy } from "./check.js";
import { withoutThePlanted } from "./privacy.js";

const KEY = "a key that nobody knows";

export const tests = {
  async "under a key, pseudonyms leave in the planted identifiers' place"(t) {
    const sent = await withoutThePlanted(t, { persons: "strict", pseudonymKey: KEY });
    truthy(sent.includes("hmac_"), "what stands in their place");
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
};
