// Whose event a client's request is. Rust says what must be checked; the checks are the host's, and only they are
// believed.
import { now } from "./clock.js";
import { MAX_REQUEST_LENGTH } from "./domain.js";
import { verify } from "./groups.js";
import { lifecycle } from "./modules.js";
import { withTimeout } from "./with_timeout.js";

/** What each refusal means, and how HTTP says it. */
const REFUSALS = {
  unauthenticated: [403, "nobody is signed in"],
  forbidden_organization: [403, "that organization is not theirs to read"],
  forbidden_app: [403, "that app is not theirs to read, or not that organization's"],
  check_failed: [403, "it could not be verified"],
  missing_organization: [400, "notifyConsole needs an organization to notify"],
  too_large: [400, "the request is over 64 kB"],
};

export async function resolveTrackingIdentity(request, checks) {
  try {
    const { actor, organization, app, notifiable, refused } = requestedIdentity(request, checks.userId);
    if (refused) return refuse(refused);
    const identity = { ok: true, distinctId: actor, groups: [] };
    if (organization === undefined) return identity;

    const answer = answersWithin(checks.budgetMs);
    let readable = (id) => answer(() => checks.canReadOrganization(id));
    if (app !== undefined) {
      // There are keys that may read one app and not its organization.
      identity.app = await verify(
        "app",
        app,
        async (id) =>
          await answer(() => checks.canReadApp(id)) === true &&
          await answer(() => checks.appOwner(id)) === organization,
      );
      if (!identity.app) return refuse("forbidden_app");
      readable = () => true;
    }
    const group = await verify("organization", organization, readable);
    if (!group) return refuse("forbidden_organization");
    identity.groups.push(group);
    if (notifiable) identity.requestedOrganization = group;
    return identity;
  } catch {
    // A check that throws, hangs or is missing has verified nothing.
    return refuse("check_failed");
  }
}

function refuse(code) {
  const [status, message] = REFUSALS[code];
  return { ok: false, code, status, message };
}

/** What a request asks for, by the rules of its version. */
function requestedIdentity(request, userId) {
  const user = typeof userId === "string" ? userId : "";
  const text = JSON.stringify(request) ?? "null";
  if (Math.max(text.length, user.length) > MAX_REQUEST_LENGTH) return { refused: "too_large" };
  return JSON.parse(lifecycle.compute((core) => core.requested_identity(text, user)));
}

/** Waits for one check after the other, no longer than all of them may take together. */
function answersWithin(budgetMs) {
  const end = now() + (budgetMs >= 1 && budgetMs < 2 ** 31 ? Math.floor(budgetMs) : 5000);
  return (check) => withTimeout(Math.max(0, end - now()), check());
}
