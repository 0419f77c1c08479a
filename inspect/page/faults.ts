import { byId, h, toast } from "./dom.ts";
import { route } from "./route.ts";
import type { Store } from "./store.ts";

interface Choice {
  name: string;
  means: string;
  fault: { mode: string; [option: string]: unknown };
}

const CHOICES: Choice[] = [
  { name: "Hang", means: "Reads the request and never answers.", fault: { mode: "hang" } },
  { name: "Drip", means: "Sends a byte now and then, and never ends.", fault: { mode: "drip" } },
  { name: "Reset", means: "Breaks the connection instead of answering.", fault: { mode: "reset" } },
  {
    name: "503",
    means: "Service unavailable, Retry-After: 1.",
    fault: { mode: "status", status: 503, headers: { "retry-after": "1" }, body: "service unavailable" },
  },
  {
    name: "429",
    means: "Too many requests, Retry-After: 1.",
    fault: { mode: "status", status: 429, headers: { "retry-after": "1" }, body: "too many requests" },
  },
  {
    name: "413",
    means: "Too large: clients send smaller batches.",
    fault: { mode: "status", status: 413, body: "length limit exceeded" },
  },
  { name: "Slow", means: "Answers as ever, after two seconds.", fault: { mode: "slow", delayMs: 2000 } },
  {
    name: "503, but stored",
    means: "Takes the events and says otherwise: they come twice.",
    fault: { mode: "status", status: 503, record: true },
  },
];

/** The buttons that make this PostHog fail, and the bar that says that it does. */
export function faults(store: Store) {
  const menu = byId("faults");
  const button = byId("faults-button");
  const times = h(
    "select",
    { id: "fault-times", "aria-label": "How often" },
    h("option", { value: "" }, "every request, until stopped"),
    h("option", { value: "1" }, "the next request"),
    h("option", { value: "3" }, "the next 3 requests"),
    h("option", { value: "10" }, "the next 10 requests"),
  );
  menu.append(
    h("label", { class: "times" }, "Fail", times),
    ...CHOICES.map(({ name, means, fault }) =>
      h(
        "button",
        {
          type: "button",
          class: "choice",
          onclick: () => {
            close();
            void set([{ ...fault, ...times.value && { times: Number(times.value) } }]);
          },
        },
        h("strong", {}, name),
        h("span", {}, means),
      )
    ),
    h(
      "button",
      { type: "button", class: "choice", onclick: () => (close(), void set([])) },
      h("strong", {}, "Behave"),
      h("span", {}, "Answers as PostHog does."),
    ),
  );
  const close = () => {
    menu.hidden = true;
    button.setAttribute("aria-expanded", "false");
  };
  button.addEventListener("click", () => {
    menu.hidden = !menu.hidden;
    button.setAttribute("aria-expanded", String(!menu.hidden));
    if (!menu.hidden) menu.querySelector<HTMLElement>("select")!.focus();
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
    button.focus();
  });
  addEventListener("click", ({ target }) => {
    if (!menu.hidden && !menu.contains(target as Node) && !button.contains(target as Node)) close();
  });
  byId("fault-stop").addEventListener("click", () => void set([]));
  store.onState(() => {
    const fault = store.state?.fault ?? null;
    byId("fault-bar").hidden = fault === null;
    if (fault === null) return;
    const { mode, status, times } = fault;
    const often = times === undefined
      ? "every request"
      : times === 1
      ? "the next request"
      : `up to ${times} requests`;
    const held = store.state!.openConnections;
    byId("fault-text").textContent = `This PostHog fails on purpose: ${status ?? mode}, ${often}.${
      held > 0 ? ` ${held} connections are open.` : ""
    }`;
  });
}

async function set(faults: unknown[]) {
  const response = await post("faults", JSON.stringify(faults));
  if (!response.ok) toast(`That did not work: ${response.status}`);
}

export function post(action: string, body?: string): Promise<Response> {
  return fetch(`/_control/${route.project}/${action}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
}
