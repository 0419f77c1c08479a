// Parity with the functions that the stand-ins replace: one row for each flag of `keep`.
import { same } from "./check.js";
import { DRIZZLE, optionsOf, seen, sendTo, THROWN, thrown, track } from "./kept_seen.js";

const NOW = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Flag, what is done, where it shows, how it is, and how it was. */
const ROWS = [
  [
    "keepAnonymous",
    track({ event: "E", groups: { organization: "o" } }),
    ({ body }) => body.distinct_id,
    "o",
    "anonymous",
  ],
  [
    "keepChannel",
    track({ event: "E", user_id: "u", channel: "c", tags: { channel: "t", description: "d" } }),
    ({ body: { properties } }) => [properties.channel, properties.description],
    ["t", "d"],
    ["c", undefined],
  ],
  ["keepIp", track({ event: "E", user_id: "u", ip: "1.2.3.4" }), ({ body }) => body.ip, undefined, "1.2.3.4"],
  [
    "keepGeoip",
    track({ event: "E", user_id: "u" }),
    ({ body }) => body.properties.$geoip_disable,
    true,
    undefined,
  ],
  ["keepUuid", track({ event: "E", user_id: "u" }), ({ body }) => "uuid" in body, true, false],
  [
    "keepLib",
    track({ event: "E", user_id: "u" }),
    ({ body: { properties } }) => [properties.$lib, "$lib_version" in properties],
    ["posthog-wasm", true],
    [undefined, false],
  ],
  [
    "keepTimestamps",
    track({ event: "E", user_id: "u", timestamp: "" }),
    ({ body }) => body.timestamp.replace(NOW, "now"),
    "now",
    "",
  ],
  [
    "keepGroups",
    track({ event: "E", user_id: "u", groups: { organization: "", team: "t" } }),
    ({ body }) => body.properties.$groups,
    { team: "t" },
    { organization: "", team: "t" },
  ],
  [
    "keepInvalid",
    track({ event: "", user_id: "u", tags: "no" }),
    ({ requests }) => requests.map(({ body }) => [body.event, body.properties.$set, body.properties[0]]),
    [],
    [["", "no", "n"]],
  ],
  [
    "keepApiKey",
    track({ event: "E", user_id: "u" }, { POSTHOG_API_KEY: " phx_1" }),
    ({ requests }) => requests.map(({ body }) => body.api_key),
    [],
    [" phx_1"],
  ],
  [
    "keepHosts",
    track({ event: "E", user_id: "u" }, { POSTHOG_API_HOST: "https://h/capture" }),
    ({ url }) => url,
    "https://h/capture/",
    "https://h/capture/capture/",
  ],
  ["keepRedirects", track({ event: "E", user_id: "u" }), ({ init }) => init.redirect, "manual", undefined],
  [
    "keepFrames",
    thrown(THROWN),
    ({ body }) =>
      body.properties.$exception_list[0].stacktrace.frames.map((frame) => [frame.function, frame.filename]),
    [["<anonymous>", "main.ts"], ["run", "db.ts"]],
    [["on_app", undefined], ["run", "db.ts"], ["on_app", "main.ts"]],
  ],
  [
    "keepFingerprint",
    thrown(THROWN),
    ({ body }) => body.properties.$exception_fingerprint,
    "backend:prod:on_app:drizzle_error:DrizzleQueryError:run:db.ts:500",
    "backend:prod:on_app:drizzle_error:DrizzleQueryError:on_app:unknown:500",
  ],
  [
    "keepExceptionParams",
    thrown(THROWN),
    ({ body }) => body.properties.$exception_list[0].value,
    "Failed query: select\nparams: [redacted]",
    DRIZZLE.message,
  ],
  [
    "keepLogsnagPayload",
    sendTo({ event: "E", channel: "c", user_id: "o", groups: { organization: "o" } }, { background: false }, {
      POSTHOG_API_KEY: "",
      LOGSNAG_TOKEN: "ls",
    }),
    ({ init }) => init.body,
    '{"project":"p","channel":"c","event":"E","user_id":"o"}',
    '{"event":"E","channel":"c","user_id":"o","groups":{"organization":"o"},"project":"p"}',
  ],
  [
    "keepStrict",
    {
      env: { POSTHOG_API_KEY: "" },
      call: async (tracking, c) => {
        const payload = { event: "E", channel: "c", user_id: "o" };
        return await tracking.sendEventToTracking(c, payload, { strict: true }).then(() => "", String);
      },
    },
    ({ result }) => result,
    "",
    "Error: posthog tracking returned false",
  ],
];
const FLAGS = ROWS.map(([flag]) => flag);

export const tests = Object.fromEntries(ROWS.map(([flag, what, look, is, was]) => [
  `${flag} takes back its row, and no other flag does`,
  async (t) => {
    const shown = async (options) => look(await seen(t, optionsOf(options), what));
    same([await shown({}), await shown({ keep: "all" })], [is, was], "default, all");
    for (const other of FLAGS) {
      const expected = other === flag ? [was, is] : [is, was];
      const both = [await shown({ [other]: true }), await shown({ keep: "all", [other]: false })];
      same(both, expected, other);
    }
  },
]));
