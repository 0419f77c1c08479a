// The main entry's client has no stores; it says where they are, and nothing is sent as if they were there.
import { client, same, truthy } from "./check.js";
import { memoryStore } from "./store.js";

const EVENT = { event: "Ping", distinctId: "u" };

/** The mistake of an outcome. */
const mistake = ({ status, error, events }) => {
  const { code, field, message } = error ?? events[0].error;
  return [status, code, field, message.includes("posthog-wasm/full")];
};

export const tests = {
  async "the main entry's client names the entry that has stores"(t) {
    const lean = { ...t, posthog: t.client };
    const store = memoryStore();
    const profileStore = { compareAndSet: async (_key, _expected, mark) => mark };
    const refused = (field) => ["invalid", "invalid_config", field, true];
    same(
      mistake(await client(lean, { outbox: { store, write: "before_send" } }).capture(EVENT)),
      refused("outbox"),
    );
    same(mistake(await client(lean).enqueue([EVENT], store)), refused("outbox"));
    const batch = client(lean).batch();
    same(mistake(await batch.captureAi(EVENT)), ["invalid", "unknown_method", "batch", true]);
    same(await batch.flush(), []);
    const drained = await client(lean).drain(store);
    same([mistake(drained), drained.more], [refused("outbox"), false]);
    same(mistake(await client(lean, { profileStore }).capture(EVENT)), refused("profileStore"));
    const logsnag = { token: "t", project: "p" };
    same(mistake(await client(lean, { logsnag }).capture(EVENT)), refused("logsnag"));
    same(store.calls, []);
    // What is off is not asked for.
    for (const off of [{ outbox: false }, { profileStore: 0 }, { outbox: null }, { outbox: "" }]) {
      same((await client(lean, off).capture(EVENT)).status, "accepted", JSON.stringify(off));
      same((await client(t, off).capture(EVENT)).status, "accepted", JSON.stringify(off));
    }
  },

  async "the client that writes into an outbox names who drains it, and who has the rest"(t) {
    const writing = { ...t, posthog: t.outboxes };
    const store = memoryStore();
    const drained = await client(writing, { outbox: { store, write: "before_send" } }).drain();
    const where = /posthog-wasm\/drain$/.test(drained.error.message);
    same([drained.status, drained.error.field, where, store.calls], ["invalid", "outbox", true, []]);
    const profileStore = { compareAndSet: async (_key, _expected, mark) => mark };
    for (const [name, value] of Object.entries({ profileStore, logsnag: { token: "t", project: "p" } })) {
      const outcome = await client(writing, { [name]: value }).capture(EVENT);
      same(mistake(outcome), ["invalid", "invalid_config", name, true]);
    }
    const queued = await client(writing).enqueue(
      [EVENT].map((event) => ({ kind: "capture", ...event })),
      store,
    );
    same([queued.status, store.alive().length], ["queued", 1]);
    const { accepted } = await t.drains.drainOutbox(store, { apiKey: "phc_test", host: t.project.host });
    same([accepted, (await t.project.arrived(1)).events[0].event], [1, "Ping"]);
  },

  async "LogSnag's settings in the environment are not ignored without a word"(t) {
    const env = { POSTHOG_API_KEY: "phc_test", LOGSNAG_TOKEN: "ls_secret", LOGSNAG_PROJECT: "p" };
    const warnings = [];
    const options = {
      host: t.project.host,
      logger: () => {},
      onWarning: (warning) => void warnings.push(warning),
    };
    const made = [{ ...env }, { ...env }].map((env) => t.client.PostHog.fromEnv(env, options));
    for (const posthog of made) same((await posthog.capture(EVENT)).status, "accepted");
    same(warnings.map(({ code, field }) => [code, field]), [["needs_full", "LOGSNAG_TOKEN"]]);
    same([warnings[0].message.includes("posthog-wasm/full"), warnings[0].message.includes("ls_")], [
      true,
      false,
    ]);
  },

  async "the key of pseudonyms comes from the environment too"(t) {
    const env = { POSTHOG_API_KEY: "phc_test", POSTHOG_PSEUDONYM_KEY: "0123456789abcdef" };
    const group = t.posthog.trusted("organization", "org_1", "row");
    const warnings = [];
    const options = {
      host: t.project.host,
      logger: () => {},
      onWarning: (warning) => void warnings.push(warning),
    };
    const profile = { group, properties: { name: "Ada's", contact: "ada@example.com" } };
    await t.posthog.PostHog.fromEnv(env, options).groupIdentify(profile);
    same(warnings, []);
    // Without the key the address is left out, as ever, and it is said.
    await t.client.PostHog.fromEnv({ ...env }, options).groupIdentify(profile);
    same(warnings.map(({ code, field }) => [code, field]), [
      ["needs_full", "POSTHOG_PSEUDONYM_KEY"],
      ["identifier_dropped", "properties.contact"],
    ]);
    const { events } = await t.project.arrived(2);
    const [under, without] = events.map(({ properties }) => properties.$group_set);
    truthy(/^hmac_[0-9a-f]{32}$/.test(under.contact), JSON.stringify(under));
    same(without, { name: "Ada's" });
  },

  async "a key of pseudonyms is refused where there are none"(t) {
    const options = { host: t.project.host, privacy: { pseudonymKey: "0123456789abcdef" }, logger: () => {} };
    const { status, error } = await new t.client.PostHog("phc_test", options).capture(EVENT);
    same([status, error.code, error.field], ["invalid", "invalid_config", "privacy.pseudonymKey"]);
    truthy(error.message.includes("posthog-wasm/full"), error.message);
  },

  async "both clients may be used side by side, each on its module"(t) {
    const both = [client(t), client({ ...t, posthog: t.client })];
    const group = t.posthog.trusted("organization", "org_1", "row");
    const outcomes = await Promise.all(
      both.map((posthog) => posthog.capture({ ...EVENT, groups: [group] })),
    );
    same(outcomes.map(({ status }) => status), ["accepted", "accepted"]);
    const { events } = await t.project.arrived(2);
    same(events.map(({ properties }) => properties.$groups), Array(2).fill({ organization: "org_1" }));
  },
};
