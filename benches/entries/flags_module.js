// The module of flags alone: its definitions read.
import { parseFlagDefinitions } from "posthog-wasm/flags";

export const first = () =>
  parseFlagDefinitions('{"flags":[{"key":"f","active":true,"filters":{"groups":[{}]}}]}').ok;
export default { fetch: () => new Response(String(first())) };
