// What is looked at is in the URL, so that a view can be passed on.

export interface Route {
  project: string;
  view: string;
  /** What is searched for. */
  q: string;
  /** The event that is open. */
  event: number | null;
  /** The group's type, and the group's or person's key that is open. */
  type: string;
  key: string;
  /** Of charts: the property and the steps that were chosen, and which time counts. */
  property: string;
  steps: string;
  time: string;
}

const DEFAULTS: Route = {
  project: "default",
  view: "events",
  q: "",
  event: null,
  type: "",
  key: "",
  property: "",
  steps: "",
  time: "",
};
const listeners: ((route: Route, before: Route) => void)[] = [];

export let route: Route = read();

function read(): Route {
  const query = new URLSearchParams(location.search);
  const text = (name: keyof Route) => query.get(name) ?? String(DEFAULTS[name] ?? "");
  return {
    project: text("project"),
    view: text("view"),
    q: text("q"),
    event: Number(query.get("event")) || null,
    type: text("type"),
    key: text("key"),
    property: text("property"),
    steps: text("steps"),
    time: text("time"),
  };
}

/** Goes to a changed route. Another view is a step in the browser's history; a letter more in the search is none. */
export function go(changes: Partial<Route>) {
  const before = route;
  route = { ...route, ...changes };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(route)) {
    if (value !== DEFAULTS[name as keyof Route]) query.set(name, String(value ?? ""));
  }
  const url = `${location.pathname}${query.size > 0 ? `?${query}` : ""}`;
  const isOpened = before.event === null && route.event !== null;
  if (before.view !== route.view || before.key !== route.key || isOpened) history.pushState(null, "", url);
  else history.replaceState(null, "", url);
  for (const listener of listeners) listener(route, before);
}

export function onRoute(listener: (route: Route, before: Route) => void) {
  listeners.push(listener);
}

addEventListener("popstate", () => {
  const before = route;
  route = read();
  for (const listener of listeners) listener(route, before);
});
