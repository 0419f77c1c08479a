// A PostHog that fails a third of the time, in a process of its own. It counts, and remembers ids only.
import { createServer } from "node:http";

const taken = new Set();
const faults = {};
let arrivals = 0;
let requests = 0;
let mood = "flaky";

function answer(response, status, headers = {}) {
  response.writeHead(status, headers);
  response.end(status === 200 ? '{"status":"Ok"}' : "not now");
}

/** How it fails; by some of them after the events were taken. */
const often = {
  unavailable: (response) => answer(response, 503),
  throttled: (response) => answer(response, 429, { "retry-after": "0" }),
  gateway: (response) => answer(response, 502),
  reset: (response) => response.socket.resetAndDestroy(),
  resetAfter: (response, take) => (take(), response.socket.resetAndDestroy()),
  failedAfter: (response, take) => (take(), answer(response, 500)),
  slow: (response, take) => void setTimeout(() => (take(), answer(response, 200)), 100),
};

/** These keep a client waiting for its whole budget. */
const seldom = {
  hang() {},
  stall(response, take) {
    take();
    response.writeHead(200);
    response.write("{");
  },
};

function pick(modes) {
  const names = Object.keys(modes);
  const name = names[Math.floor(Math.random() * names.length)];
  faults[name] = (faults[name] ?? 0) + 1;
  return modes[name];
}

const server = createServer(async (request, response) => {
  const control = { "/counts": () => ({ distinct: taken.size, arrivals, requests, faults }) };
  if (request.url.startsWith("/mood/")) mood = request.url.slice(6);
  if (request.method === "GET") {
    response.writeHead(200, { "content-type": "application/json" });
    return response.end(JSON.stringify(control[request.url]?.() ?? mood));
  }
  let text = "";
  for await (const piece of request.setEncoding("utf8")) text += piece;
  if (request.method === "PUT") {
    return response.end(JSON.stringify(JSON.parse(text).filter((uuid) => !taken.has(uuid))));
  }
  requests++;
  const take = () => {
    for (const { uuid } of JSON.parse(text).batch) {
      arrivals++;
      taken.add(uuid);
    }
  };
  if (mood === "hanging") return;
  if (mood === "calm" || Math.random() >= 1 / 3) return take(), answer(response, 200);
  pick(Math.random() < 0.02 ? seldom : often)(response, take);
});

server.on("clientError", (_, socket) => socket.destroy());
server.listen(0, "127.0.0.1", () => process.send(server.address().port));
process.on("disconnect", () => process.exit());
