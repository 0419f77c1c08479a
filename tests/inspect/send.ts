// Plain requests, as anybody's code would make them.
import { request } from "node:http";

export const KEY = "phc_abcdefghijklmnop";

export async function send(host: string, events: object | object[], path = "/batch/"): Promise<number> {
  const body = JSON.stringify({ api_key: KEY, batch: [events].flat() });
  const response = await fetch(host + path, { method: "POST", body });
  await response.body?.cancel();
  return response.status;
}

/** With headers that `fetch` would not send. */
export function raw(
  url: string,
  path: string,
  headers: Record<string, string>,
  method = "GET",
  body = "",
): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const sent = request({ hostname, port, path, method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
        // A stream has no end.
        if (headers.accept === "text/event-stream") response.destroy();
      });
      response.once(
        "close",
        () => resolve({ status: response.statusCode!, text, headers: response.headers }),
      );
    });
    sent.once("error", reject);
    sent.end(body);
  });
}

export const group = (key: string, set: object, timestamp: string, uuid?: string) => ({
  event: "$groupidentify",
  distinct_id: `$organization_${key}`,
  timestamp,
  uuid,
  properties: { $group_type: "organization", $group_key: key, $group_set: set },
});

export const event = (event: string, key: string, properties: object = {}, fields: object = {}) => ({
  event,
  distinct_id: "user_1",
  properties: { $groups: { organization: key }, ...properties },
  ...fields,
});
