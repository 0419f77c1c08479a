// What is answered about flags, and to whom.
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { startReceiver } from "./mod.ts";

const WHOLE = {
  token: "t",
  distinct_id: "u",
  groups: {},
  person_properties: {},
  group_properties: {},
  geoip_disable: true,
};

Deno.test("flags are answered to whoever asks as the real one wants it", async () => {
  await using receiver = await startReceiver();
  const project = receiver.project("flags");
  const ask = async (body: unknown, path = "/flags/?v=2") => {
    const response = await fetch(project.url + path, { method: "POST", body: JSON.stringify(body) });
    return [response.status, await response.text()] as const;
  };
  strictEqual((await ask(WHOLE))[0], 200);
  project.flags = { answer: { flags: { f: { enabled: true } } } };
  deepStrictEqual(await ask(WHOLE), [200, '{"flags":{"f":{"enabled":true}}}']);
  for (
    const [name, status] of [["token", 401], ["distinct_id", 400], ["groups", 400], [
      "geoip_disable",
      400,
    ]] as const
  ) {
    strictEqual((await ask({ ...WHOLE, [name]: undefined }))[0], status, name);
  }
  strictEqual((await ask([]))[0], 401);
  strictEqual((await ask(WHOLE, "/flags/"))[0], 400);
  strictEqual((await ask(WHOLE, "/decide/?v=2"))[0], 404);
});

Deno.test("definitions are for whoever has a secret key, and 304 for whoever has them", async () => {
  await using receiver = await startReceiver();
  const project = receiver.project("definitions");
  project.flags = { definitions: { flags: [] }, etag: 'W/"1"' };
  const ask = async (headers: Record<string, string>, query = "?token=phc_t&send_cohorts") => {
    const response = await fetch(`${project.url}/flags/definitions${query}`, { headers });
    return [response.status, await response.text(), response.headers.get("etag")] as const;
  };
  const authorization = "Bearer phs_secret";
  deepStrictEqual(await ask({ authorization }), [200, '{"flags":[]}', 'W/"1"']);
  deepStrictEqual(await ask({ authorization, "if-none-match": 'W/"1"' }), [304, "", 'W/"1"']);
  strictEqual((await ask({ authorization, "if-none-match": "other" }))[0], 200);
  strictEqual((await ask({}))[0], 401);
  strictEqual((await ask({ authorization: "Bearer phc_t" }))[0], 401);
  strictEqual((await ask({ authorization }, "?token=phc_t"))[0], 400);
});
