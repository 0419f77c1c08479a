// What would become of events, and what PostHog would count of them: held against what is sent.
import { client, same, truthy } from "./check.js";

const GROUP = (t) => t.posthog.trusted("organization", "o1", "a test");

export const tests = {
  async "lint says beforehand what PostHog would not"(t) {
    const found = t.lints.lint([
      { kind: "capture", event: "a", distinctId: "anonymous" },
      { kind: "capture", event: "", distinctId: "u" },
      { kind: "capture", event: "$ai_span", distinctId: "u", properties: { $ai_input_tokens: "1,204" } },
    ]);
    same(found.map(({ code, field, ingestionWarning }) => [code, field, ingestionWarning]), [
      ["invalid_event", "events[1].event", "missing_event_name"],
      ["illegal_distinct_id", "events[0].distinctId", undefined],
      ["ingestion_warning", "events[2].properties.$ai_input_tokens", "invalid_ai_token_property"],
    ]);
  },

  async "every method's input can be linted"(t) {
    const named = (event, options) =>
      t.lints.lint(event, options).map(({ ingestionWarning }) => ingestionWarning);
    for (
      const [event, names, options] of [
        [
          { kind: "ai", event: "$ai_generation", distinctId: "u", properties: { a: "x".repeat(2_000_000) } },
          [],
        ],
        [{ kind: "ai", event: "$ai_generation", distinctId: "u", properties: { $ai_output_tokens: [] } }, [
          "invalid_ai_token_property",
        ]],
        [{ kind: "alias", distinctId: "u", alias: "undefined" }, ["cannot_merge_with_illegal_distinct_id"]],
        [{ kind: "exception", error: new Error("out of seats"), distinctId: "u" }, []],
        [{ kind: "exception", error: new Error("x"), distinctId: "u", timestamp: "soon" }, [
          "ignored_invalid_timestamp",
        ]],
        [{ kind: "identify", distinctId: "x".repeat(201) }, ["distinct_id_truncated"]],
        [{ kind: "identify", distinctId: "x".repeat(201) }, ["distinct_id_too_large"], { protocol: "v1" }],
        [
          { kind: "snapshot", distinctId: "u", sessionId: "s", events: [{ type: 2, timestamp: Date.now() }] },
          [],
        ],
        [{ kind: "snapshot", distinctId: "u", sessionId: "s", events: [{ type: 2, timestamp: 1 }] }, [
          "message_timestamp_diff_too_large",
        ]],
        [{
          kind: "group_identify",
          group: t.posthog.trusted("organization", "k".repeat(401)),
          properties: {},
        }, [
          "group_key_too_long",
        ]],
        [{ kind: "capture", event: "e", distinctId: "u", properties: { a: "x".repeat(1_000_000) } }, [
          "message_size_too_large",
        ]],
      ]
    ) same(named(event, options), names, JSON.stringify(event).slice(0, 100));
  },

  async "a group is vouched for here too"(t) {
    const capture = { kind: "capture", event: "e", distinctId: "u" };
    same(t.lints.lint({ ...capture, groups: [GROUP(t)] }), []);
    same(t.lints.lint({ ...capture, groups: { organization: "o1" } })[0].code, "unverified_group");
    const app = t.posthog.trusted("app", "a", "a test");
    same(t.lints.lint({ ...capture, groups: [app] })[0].code, "unknown_group_type");
    same(t.lints.lint({ ...capture, groups: [app] }, { groupTypes: ["app"] }), []);
  },

  async "what is estimated is what arrives"(t) {
    const capture = { kind: "capture", event: "e", distinctId: "u" };
    const events = [
      capture,
      { ...capture, groups: [GROUP(t)] },
      { ...capture, personless: true },
      { ...capture, personless: true, groups: [GROUP(t)] },
      { kind: "group_identify", group: GROUP(t), properties: { plan: "Solo" } },
      { ...capture, event: "$feature_flag_called" },
      { ...capture, event: "$ai_span" },
      { ...capture, event: "survey sent" },
      { ...capture, event: "" },
    ];
    const counted = t.lints.estimate(events);
    same(counted, {
      identified: 4,
      personless: 1,
      groupBilled: 4,
      withGroups: 2,
      ai: 1,
      exceptions: 0,
      surveyResponses: 1,
      replays: 0,
      unbilled: 1,
      notSent: 1,
    });
    await client(t).track(events);
    const { events: arrived } = await t.project.arrived(8);
    const personless = arrived.filter(({ properties }) => properties.$process_person_profile === false);
    same([arrived.length, personless.length], [8, 1]);
    const grouped = arrived.filter(({ properties }) => Object.keys(properties.$groups ?? {}).length > 0);
    same(grouped.length, counted.withGroups);
  },

  async "replays are counted by session, exceptions and persons by event"(t) {
    const replay = { kind: "snapshot", distinctId: "u", events: [{ type: 2, timestamp: 1 }] };
    const { replays, exceptions, identified, notSent } = t.lints.estimate([
      { ...replay, sessionId: "s1" },
      { ...replay, sessionId: "s1" },
      { ...replay, sessionId: "s2" },
      { kind: "exception", error: new Error("x") },
      { kind: "identify", distinctId: "u" },
      { kind: "alias", distinctId: "u", alias: "v" },
    ]);
    same([replays, exceptions, identified, notSent], [2, 1, 2, 0]);
  },

  async "nothing that is given makes lint throw, and wrong options are told"(t) {
    const circular = { kind: "capture", event: "e", distinctId: "u", properties: {} };
    circular.properties.self = circular;
    for (
      const [events, code] of [
        [circular, "circular"],
        [null, "invalid_event"],
        [[null, 7, "x"], "invalid_event"],
        [{ kind: "nonsense" }, "invalid_event"],
        [{ kind: "__proto__" }, "invalid_event"],
        [{ kind: { toString: () => "alias" } }, "invalid_event"],
        [{
          get kind() {
            throw new Error("no");
          },
        }, "unreadable"],
      ]
    ) same(t.lints.lint(events)[0]?.code, code, code);
    same(t.lints.lint([]), []);
    same(t.lints.lint(circular, { protocol: "v2" }).map(({ code, field }) => [code, field]), [
      ["invalid_config", "protocol"],
    ]);
    for (const options of [{ protocol: "v2" }, { groupTypes: "organization" }]) {
      try {
        t.lints.estimate([], options);
        truthy(false, "estimated");
      } catch (error) {
        same([error.name, error instanceof t.lints.AnalyticsError], ["AnalyticsError", true]);
      }
    }
  },
};
