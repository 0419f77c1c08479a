// @ts-self-types="./testing.d.ts"
// A `fetch` for other people's tests: it takes what the package sends and shows it decoded.

/** A body's text: a large one comes as gzip. */
function textOf(body) {
  if (typeof body === "string") return body;
  const unpacked = new Response(body).body.pipeThrough(new DecompressionStream("gzip"));
  return new Response(unpacked).text();
}

export function createTestTransport() {
  const events = [];

  async function fetch(input, init) {
    const { pathname } = new URL(
      typeof input === "string" ? input : input.url ?? input,
    );
    const body = JSON.parse(await textOf(init?.body ?? (await input.text())));
    const sent = Array.isArray(body) ? body : body.batch ?? [body];
    for (
      const { event, distinct_id, uuid, timestamp, properties = {} } of sent
    ) {
      events.push({
        event,
        distinct_id: distinct_id ?? properties.distinct_id,
        uuid,
        timestamp,
        properties,
        path: pathname,
      });
    }
    return new Response('{"status":"Ok"}', {
      status: 200,
      headers: { "Content-Type": "application/json" },
    });
  }

  return { fetch, events, clear: () => void (events.length = 0) };
}
