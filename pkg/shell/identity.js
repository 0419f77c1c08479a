// Whose event a client's request is. The look-ups are the host's, and only they are believed.
import { MAX_REQUEST_LENGTH } from "./domain.js";
import { verify } from "./groups.js";
import { withInstance } from "./guard.js";

const refuse = (code, message) => ({ ok: false, code, message });

export async function resolveTrackingIdentity(request, checks) {
  try {
    const { userId } = checks;
    if (typeof userId !== "string" || userId.trim() === "") {
      return refuse("unauthenticated", "nobody is signed in");
    }
    const text = JSON.stringify(request) ?? "null";
    if (text.length > MAX_REQUEST_LENGTH) return refuse("too_large", "the request is over 64 kB");
    const { organization: asked, app, second } = JSON.parse(
      withInstance((core) => core.requested_identity(text)),
    );
    const readable = (id) => verify("organization", id, (key) => checks.canReadOrganization(key));

    const requested = asked === userId ? undefined : await readable(asked);
    // Version 1 sent any id as the user's; one that is no organization of theirs means nothing.
    if (asked && second && !requested) {
      return refuse("forbidden_organization", "that organization is not theirs to read");
    }
    const owner = requested ?? await readable(app && (await checks.appOwner(app)));
    const groups = owner ? [owner] : [];
    const distinctId = !second && requested ? requested.key : userId;
    return { ok: true, distinctId, groups, ...(requested ? { requestedOrganization: requested } : {}) };
  } catch {
    // A look-up that fails has verified nothing.
    return refuse("check_failed", "it could not be verified");
  }
}
