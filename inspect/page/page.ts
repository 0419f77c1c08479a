import { explain } from "../explain.ts";
import { Billing } from "./billing.ts";
import { Charts } from "./charts.ts";
import { showDetail } from "./detail.ts";
import { byId, h, throttled, toast } from "./dom.ts";
import { faults, post } from "./faults.ts";
import { clock, day, number, plural } from "./format.ts";
import { List } from "./list.ts";
import { lag, markState, names } from "./parts.ts";
import { Profiles } from "./profiles.ts";
import type { Row } from "./query.ts";
import { go, onRoute, route } from "./route.ts";
import { Filter, Store } from "./store.ts";
import { visible } from "./tree.ts";

/** Views that are the list of events, and what they have in it. */
const LISTS: Record<string, { query: string; none: string; label: string }> = {
  events: { query: "", none: "", label: "Events" },
  exceptions: { query: "kind:exception", none: "No exception has been captured.", label: "Exceptions" },
  replays: { query: "kind:replay", none: "No replay has been sent.", label: "Replays" },
  problems: { query: "is:problem", none: "PostHog would keep everything as it was sent.", label: "Problems" },
};

const store = new Store();
names.of = (type, key) => store.nameOf(type, key);
const views = byId("views");
const searching = byId<HTMLInputElement>("search");
const detail = byId("detail");
let isSameQuery = false;
const filter: Filter = new Filter(store, () => {
  list.changed(isSameQuery);
  isSameQuery = true;
  said();
});
const list = new List(filter, fillRow, (row) => go({ event: row.id }), "Events, newest first");
byId("stream").append(list.element);
const groups = new Profiles(store, "groups");
const persons = new Profiles(store, "persons");
const charts = new Charts(store);
const billing = new Billing(store);
const others: Record<string, { element: HTMLElement; show(): void; refresh(): void }> = {
  groups,
  persons,
  charts,
  billing,
};
for (const [name, { element }] of Object.entries(others)) {
  element.id = `view-${name}`;
  element.hidden = true;
  views.append(element);
}

/** A row's parts are made once, and only their texts change. */
function fillRow(element: HTMLElement, row: Row) {
  if (element.childElementCount === 0) {
    element.append(
      h("span", { class: "what" }, h("span", { class: "event u" }), h("span", { class: "dim u" })),
      h("span", { class: "groups u" }),
      h("span", { class: "person u" }),
      h("span", { class: "tries" }),
      h("span", { class: "fact" }),
      h("span", { class: "lag" }),
    );
    element.prepend(h("span"));
  }
  const [mark, what, group, person, tries, fact, late] = element.children;
  markState(mark as HTMLElement, row);
  what.children[0].textContent = visible(row.event.slice(0, 120));
  what.children[1].textContent = visible(row.title);
  group.textContent = visible(
    row.groups.map(([type, key]) => store.nameOf(type, key).slice(0, 60)).join(", "),
  );
  person.textContent = row.personless ? "personless" : visible(row.person.slice(0, 80));
  const notes: string[] = [];
  if (row.attempts > 1) notes.push(`${row.attempts} tries`);
  if (row.copies > 1) notes.push(`×${row.copies}`);
  tries.textContent = notes.join(" ");
  const at = row.fact ?? row.first;
  fact.textContent = Math.abs(row.first - at) > 86_400_000 ? day(at) : clock(at);
  late.textContent = lag(row);
}

/** How many there are, for eyes and ears. */
const said = throttled(250, () => {
  const total = store.counts.all;
  const view = LISTS[route.view];
  if (!view) return;
  const isAll = view.query === "" && route.q.trim() === "";
  byId("count").textContent = filter.isScanning
    ? "searching …"
    : isAll
    ? plural(total, "event")
    : `${number(filter.length)} of ${plural(total, "event")}`;
  const isEmpty = filter.length === 0 && !filter.isScanning;
  const isNew = total === 0 && route.view === "events";
  byId("waiting").hidden = !(isEmpty && isNew);
  byId("none").hidden = !(isEmpty && !isNew);
  byId("none").textContent = route.q.trim() === ""
    ? view.none
    : "Nothing matches. Words, event:, person:, organization:, kind:, is:problem, is:retried, is:duplicate, -word.";
  byId("stream").hidden = isEmpty;
});

const counted = throttled(250, () => {
  const { all, exception, replay, problems } = store.counts;
  const figures: Record<string, number> = { events: all, exceptions: exception, replays: replay, problems };
  for (const [name, count] of Object.entries(figures)) {
    byId(`n-${name}`).textContent = count > 0 ? number(count) : "";
  }
  byId("n-problems").classList.toggle("alert", problems > 0);
  if (route.view === "problems") showKinds();
});

/** Which problems there are, and how many of each: a way into the list. */
function showKinds() {
  const counts = new Map<string, number>();
  for (const { warnings } of store.rows) {
    for (const code of warnings) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  byId("kinds").replaceChildren(
    ...[...counts].sort((one, two) => two[1] - one[1]).map(([code, count]) => {
      const term = `warning:${code}`;
      return h(
        "button",
        {
          type: "button",
          class: "kind",
          "aria-pressed": String(route.q === term),
          onclick: () => go({ q: route.q === term ? "" : term }),
        },
        h("strong", {}, number(count)),
        h("span", {}, explain(code).title),
      );
    }),
  );
}

function show() {
  const view = LISTS[route.view];
  byId("view-list").hidden = view === undefined;
  byId("kinds").hidden = route.view !== "problems";
  for (const [name, { element, show }] of Object.entries(others)) {
    element.hidden = name !== route.view;
    if (name === route.view) show.call(others[name]);
  }
  for (const link of document.querySelectorAll<HTMLElement>("nav [data-view]")) {
    if (link.dataset.view === route.view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (view) {
    list.element.setAttribute("aria-label", `${view.label}, newest first`);
    isSameQuery = false;
    filter.query(`${view.query} ${route.q}`);
    counted();
  }
  if (searching.value !== route.q) searching.value = route.q;
  document.title = `${view?.label ?? byId(`nav-${route.view}`)?.textContent ?? ""} · PostHog inspector`;
  showEvent();
}

function showEvent() {
  detail.hidden = route.event === null;
  byId("main").classList.toggle("split", route.event !== null);
  list.select(route.event);
  if (route.event !== null) void showDetail(detail, store.get(route.event), route.event);
}

const again = throttled(400, showEvent);
store.onRows((rows, isReset) => {
  counted();
  if (isReset) said();
  if (route.event !== null && (isReset || rows.some(({ id }) => id === route.event))) again();
  others[route.view]?.refresh();
});
store.onNames(() => list.invalidate());
store.onState(() => {
  const { live, state } = store;
  byId("live").className = live ? "live" : "live off";
  byId("live").textContent = live ? "Live" : "Not connected";
  if (!state) return;
  const select = byId<HTMLSelectElement>("project");
  select.parentElement!.hidden = state.projects.length < 2 && state.project === "default";
  const options = [...new Set([...state.projects, route.project])];
  if (options.join() !== [...select.options].map(({ value }) => value).join()) {
    select.replaceChildren(...options.map((name) => h("option", { value: name }, name)));
  }
  select.value = route.project;
  others[route.view]?.refresh();
});

onRoute((now, before) => {
  if (now.project !== before.project) openProject();
  if (now.view !== before.view || now.q !== before.q || now.project !== before.project) return show();
  if (now.event !== before.event) showEvent();
  if (now.key !== before.key || now.type !== before.type) others[now.view]?.show();
  if (now.view === "problems") counted();
});

function openProject() {
  const host = route.project === "default" ? location.origin : `${location.origin}/p/${route.project}`;
  byId("host").textContent = `POSTHOG_API_HOST=${host}\nPOSTHOG_API_KEY=phc_local`;
  byId<HTMLAnchorElement>("export").href = `/_inspector/api/${route.project}/export`;
  store.open(route.project);
}

searching.addEventListener("input", () => {
  const q = searching.value;
  go(LISTS[route.view] ? { q } : { view: "events", q });
});
byId<HTMLSelectElement>("project").addEventListener("change", ({ target }) => {
  go({ project: (target as HTMLSelectElement).value, event: null, key: "", type: "" });
});
for (const link of document.querySelectorAll<HTMLElement>("nav [data-view]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    go({ view: link.dataset.view!, q: "", event: null, key: "", type: "" });
  });
}
for (const button of document.querySelectorAll<HTMLElement>("[data-term]")) {
  button.addEventListener(
    "click",
    () => go({ q: route.q === button.dataset.term ? "" : button.dataset.term! }),
  );
}
byId("copy-host").addEventListener("click", async () => {
  await navigator.clipboard.writeText(byId("host").textContent!);
  toast("Copied");
});
const file = byId<HTMLInputElement>("file");
byId("import").addEventListener("click", () => file.click());
file.addEventListener("change", async () => {
  const [chosen] = file.files ?? [];
  if (!chosen) return;
  const response = await fetch(`/_inspector/api/${route.project}/import`, { method: "POST", body: chosen });
  const { events, error } = await response.json();
  toast(error ?? `${plural(events, "event")} imported`);
  file.value = "";
});
const clear = byId("clear");
let sure = -Infinity;
clear.addEventListener("click", async () => {
  if (performance.now() - sure > 4000) {
    sure = performance.now();
    clear.textContent = "Sure?";
    setTimeout(() => clear.textContent = "Clear", 4000);
    return;
  }
  sure = -Infinity;
  clear.textContent = "Clear";
  await post("reset");
  go({ event: null, key: "" });
});
addEventListener("keydown", (event) => {
  const isTyping = (event.target as Element).matches("input, select, textarea");
  if (event.key === "Escape") {
    if (isTyping) (event.target as HTMLElement).blur();
    else if (route.event !== null) {
      go({ event: null });
      list.element.focus();
    }
  } else if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    searching.focus();
    searching.select();
  }
});

faults(store);
openProject();
show();
