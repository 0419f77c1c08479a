// Starts flaky_server.js in a process of its own.
import { fork } from "node:child_process";

export async function startFlaky() {
  const child = fork(new URL("flaky_server.js", import.meta.url));
  const url = await new Promise((resolve) =>
    child.once("message", (port) => resolve(`http://127.0.0.1:${port}`))
  );
  const get = async (path) => await (await fetch(url + path)).json();
  return {
    url,
    counts: () => get("/counts"),
    /** `calm` takes everything, `hanging` nothing, `flaky` what it likes. */
    mood: (mood) => get(`/mood/${mood}`),
    /** Which of these uuids it has never taken. */
    missing: async (uuids) =>
      await (await fetch(`${url}/missing`, { method: "PUT", body: JSON.stringify(uuids) })).json(),
    stop: () => child.kill(),
  };
}
