// Small things that several views show.
import { h } from "./dom.ts";
import { duration, iso, when } from "./format.ts";
import { type Row, written } from "./query.ts";
import { go, route } from "./route.ts";
import { visible } from "./tree.ts";

export const STATES: Record<string, string> = {
  stored: "Stored",
  dropped: "Dropped",
  refused: "Refused",
  failed: "Not taken",
  pending: "Waiting",
};

/** A word and a colour for what became of an event. */
export function stateMark(row: Row): HTMLElement {
  return markState(h("span"), row);
}

export function markState(element: HTMLElement, row: Row): HTMLElement {
  const isWarned = row.state === "stored" && row.warnings.length > 0;
  element.className = `state ${row.state}${isWarned ? " warned" : ""}`;
  element.textContent = isWarned ? "Changed" : STATES[row.state];
  return element;
}

/** Adds a term to the search, in the list of events. */
export function search(field: string, value: string) {
  go({ view: "events", q: written(field, value), event: null });
}

/** What people call a group; the page says how. */
export const names: { of(type: string, key: string): string } = { of: (_, key) => key };

/** What a client named, as a button that leads there. */
export function groupLink(type: string, key: string): HTMLElement {
  return h(
    "button",
    {
      class: "chip",
      type: "button",
      title: `${type} ${visible(key)}`,
      onclick: () => go({ view: "groups", type, key, event: null, q: "" }),
    },
    h("span", { class: "type" }, visible(type)),
    h("span", { class: "u" }, visible(names.of(type, key))),
  );
}

export function personLink(id: string): HTMLElement {
  return h("button", {
    class: "chip",
    type: "button",
    title: visible(id),
    onclick: () => go({ view: "persons", key: id, event: null, q: "" }),
  }, h("span", { class: "u" }, visible(id)));
}

/** Opens an event beside whatever is shown. */
export function eventLink(id: number, name: string): HTMLElement {
  return h("button", { class: "link", type: "button", onclick: () => go({ event: id }) }, visible(name));
}

export function time(ms: number): HTMLElement {
  return h("time", { datetime: iso(ms), title: iso(ms) }, when(ms));
}

/** How long after the fact it came. */
export function lag(row: Row): string {
  if (row.fact === null) return "no time";
  const late = row.first - row.fact;
  return Math.abs(late) < 1 ? "at once" : late < 0 ? `${duration(-late)} ahead` : `+${duration(late)}`;
}

export function empty(title: string, text: string): HTMLElement {
  return h("div", { class: "empty" }, h("h2", {}, title), h("p", {}, text));
}

export function field(name: string, ...values: (Node | string)[]): HTMLElement {
  return h("div", { class: "field" }, h("dt", {}, name), h("dd", {}, ...values));
}

export async function ask<T>(action: string, query: Record<string, string> = {}): Promise<T> {
  const response = await fetch(`/_inspector/api/${route.project}/${action}?${new URLSearchParams(query)}`);
  return await response.json();
}
