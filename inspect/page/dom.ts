// Elements are made of names and texts, never of markup: what a client sent stays text.

type Child = Node | string | number | null | undefined | false;
type Handlers = { [K in `on${string}`]?: (event: never) => void };
type Attributes =
  & { [name: string]: string | number | boolean | null | undefined | ((event: never) => void) }
  & Handlers;

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element: attributes, `on…` handlers, children. False and null are left out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

/** An SVG element. */
export function s(tag: string, attributes: Attributes = {}, ...children: Child[]): SVGElement {
  return fill(document.createElementNS(SVG, tag) as SVGElement, attributes, children);
}

function fill<T extends Element>(element: T, attributes: Attributes, children: Child[]): T {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) element.append(child as Node | string);
  }
  return element;
}

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

/** Says something to people who look and to those who listen. */
export function toast(text: string) {
  const place = byId("toast");
  place.textContent = text;
  place.classList.add("shown");
  setTimeout(() => place.classList.remove("shown"), 4000);
}

/** Calls at most once in so many milliseconds, and once more at the end; less often where the work takes long. */
export function throttled(ms: number, work: () => void): () => void {
  let timer = 0;
  let last = -Infinity;
  let cost = 0;
  return () => {
    if (timer !== 0) return;
    timer = setTimeout(() => {
      timer = 0;
      const begun = performance.now();
      work();
      last = performance.now();
      cost = last - begun;
    }, Math.max(0, last + Math.max(ms, 15 * cost) - performance.now()));
  };
}
