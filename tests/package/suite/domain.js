// The domain functions: a row or a client's request in, what PostHog knows of it out.
import { client, same, truthy } from "./check.js";
import { CANCELED, PLANS, YEAR } from "./webhooks.js";

export const tests = {
  async "an organization's row becomes its event and its profile"(t) {
    const row = {
      id: "org_1",
      name: "Acme",
      website: null,
      created_at: "2025-01-02 03:04:05.678+00",
      management_email: "a@b.c",
      customer_id: "cus_1",
      created_by: "u",
    };
    same((await client(t).track(t.posthog.organizationCreated(row))).status, "accepted");
    const { events: [created], groups, requests } = await t.project.arrived(2);
    same([
      created.event,
      created.distinct_id,
      created.timestamp,
      created.properties.$groups,
      created.properties.channel,
    ], [
      "Org Created",
      "org_1",
      "2025-01-02T03:04:05.678Z",
      { organization: "org_1" },
      "org-created",
    ]);
    same(groups, { organization: { org_1: { name: "Acme", created_at: "2025-01-02 03:04:05.678+00" } } });
    truthy(!/a@b|cus_1/.test(requests[0].body), "nothing personal");
  },

  async "an app is a group where the project has that type, and else is not"(t) {
    const row = { app_id: "com.x", owner_org: "org_1" };
    await client(t).track(t.posthog.appCreated(row));
    await client(t, { groupTypes: ["organization", "app"] }).track(t.posthog.appCreated(row));
    const { events } = await t.project.arrived(2);
    same(events.map(({ properties }) => properties.$groups), [{ organization: "org_1" }, {
      organization: "org_1",
      app: "com.x",
    }]);
  },

  async "a row that belongs to nobody is invalid, and what cannot be read too"(t) {
    const circle = { id: "o" };
    circle.circle = circle;
    for (
      const [row, code] of [[{}, "missing_column"], [null, "invalid_type"], [undefined, "invalid_type"], [
        circle,
        "circular",
      ], [{ id: 1n }, "bigint"]]
    ) {
      const outcome = await client(t).track(t.posthog.organizationCreated(row));
      same([outcome.status, outcome.events[0].error.code], ["invalid", code]);
    }
    const { stripeEvent, trusted } = t.posthog;
    const context = { organization: trusted("organization", "org_1", "row"), plans: PLANS };
    for (
      const [event, given] of [[null, context], [{}, context], [YEAR[0], undefined], [YEAR[0], {
        plans: PLANS,
      }], [YEAR[0], { ...context, organization: { type: "organization", key: "victim" } }]]
    ) {
      same((await client(t).track(stripeEvent(event, given))).status, "invalid");
    }
    same((await t.project.state()).requests.length, 0);
  },

  async "warnings go to whoever listens, else along to the outcome"(t) {
    const heard = [];
    const context = { organization: t.posthog.trusted("organization", "org_1", "row"), plans: [] };
    same(
      t.posthog.stripeEvent({ ...YEAR[0], type: "odd" }, {
        ...context,
        onWarning: ({ code }) => heard.push(code),
      }),
      [],
    );
    same(heard, ["unknown_event"]);
    const { warnings } = await client(t).track(t.posthog.stripeEvent(CANCELED, context));
    same(warnings.map(({ code }) => code), ["unknown_plan"]);
  },

  async "a row's notification can be taken out too"(t) {
    const row = { id: "org_1", name: "Acme", created_at: "2025-01-02T03:04:05Z" };
    const [without] = t.posthog.organizationCreated(row, { notification: null });
    const [withIt] = t.posthog.organizationCreated(row);
    truthy(!("notification" in without) && withIt.notification.event === "org:created", "taken out");
    same((await client(t).track({ ...withIt, notification: null })).warnings, []);
  },

  async "a client's event writes no name of PostHog's"(t) {
    const { AnalyticsError, fromClient, resolveTrackingIdentity } = t.posthog;
    const request = {
      event: "Step",
      channel: "c",
      org_id: "org_1",
      tracking_version: 2,
      tags: { a: 1, $groups: { organization: "victim" }, $set: { b: 2 } },
    };
    const who = await resolveTrackingIdentity(request, {
      userId: "user_1",
      canReadOrganization: () => true,
      canReadApp: () => false,
      appOwner: () => null,
    });
    const outcome = await client(t).track(fromClient(request, who));
    same([outcome.status, outcome.warnings.map(({ code, field }) => [code, field])], ["accepted", [[
      "reserved_property",
      "tags.$groups",
    ], ["reserved_property", "tags.$set"]]]);
    const { events: [event] } = await t.project.arrived(1);
    same([event.distinct_id, event.properties.$groups, event.properties.$set, event.properties.org_id], [
      "user_1",
      { organization: "org_1" },
      { a: 1, org_id: "org_1" },
      "org_1",
    ]);
    for (const name of ["$groupidentify", "$create_alias", "$set", ""]) {
      try {
        fromClient({ event: name }, who);
        truthy(false, name);
      } catch (error) {
        truthy(
          error instanceof AnalyticsError && ["reserved_name", "invalid_event"].includes(error.code),
          error,
        );
      }
    }
    const forged = fromClient({ event: "e" }, { ok: true, distinctId: "u", groups: [] });
    same(forged.groups, []);
    try {
      fromClient({ event: "e" }, {
        ok: true,
        distinctId: "u",
        groups: [{ type: "organization", key: "victim" }],
      });
      truthy(false, "forged");
    } catch (error) {
      same(error.code, "unverified_group");
    }
  },

  async "a client's request of more than 64 kB is refused"(t) {
    const request = { event: "e", tags: { text: "x".repeat(70_000) } };
    const who = await t.posthog.resolveTrackingIdentity({ event: "e" }, {
      userId: "u",
      canReadOrganization: () => true,
      canReadApp: () => true,
      appOwner: () => null,
    });
    try {
      t.posthog.fromClient(request, who);
      truthy(false, "taken");
    } catch (error) {
      same([error.name, error.code], ["AnalyticsError", "too_large"]);
    }
    const refused = await t.posthog.resolveTrackingIdentity(request, {
      userId: "u",
      canReadOrganization: () => true,
      canReadApp: () => true,
      appOwner: () => null,
    });
    same([refused.ok, refused.code], [false, "too_large"]);
  },
};
