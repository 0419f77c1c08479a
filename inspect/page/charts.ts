import type { Timelines } from "../shared.ts";
import { h, s, throttled } from "./dom.ts";
import { clock, day, duration, number, plural } from "./format.ts";
import { ask, empty } from "./parts.ts";
import type { Row } from "./query.ts";
import { go, route } from "./route.ts";
import type { Store } from "./store.ts";
import { visible } from "./tree.ts";

const COLORS = 8;
const BUCKETS = 48;
/** So many groups have a colour, and so many a line. */
const SERIES = 6;
const LINES = 40;
const STEPS = 7;
const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000];
const WIDTHS = [
  SECOND,
  5 * SECOND,
  15 * SECOND,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  6 * HOUR,
  DAY,
  7 * DAY,
  30 * DAY,
  365 * DAY,
];
const DELAYS: [name: string, upTo: number][] = [
  ["10 ms", 10],
  ["100 ms", 100],
  ["1 s", SECOND],
  ["10 s", 10 * SECOND],
  ["1 min", MINUTE],
  ["1 h", HOUR],
  ["1 d", DAY],
  ["more", Infinity],
];

/** Plots of what has come, by the groups of one type. */
export class Charts {
  readonly element = h("div", { class: "charts" });
  readonly refresh = throttled(300, () => void this.ask());
  #asked = 0;
  #width = 0;

  constructor(readonly store: Store) {
    new ResizeObserver(([{ contentRect }]) => {
      if (Math.abs(contentRect.width - this.#width) > 8) this.refresh();
      this.#width = contentRect.width;
    }).observe(this.element);
  }

  /** What the server knows is asked for now and then, and plotted with what the page has. */
  async ask() {
    if (route.view !== "charts") return;
    const asking = ++this.#asked;
    const type = route.type || this.store.state?.groupTypes[0] || "";
    const names = await ask<string[]>("properties", { type }).catch((): string[] => []);
    const property = names.includes(route.property)
      ? route.property
      : names.find((name) => /^plan/.test(name)) ?? names[0] ?? "";
    const lines = await ask<Timelines>("timelines", { type, property }).catch((): Timelines => []);
    if (asking !== this.#asked || route.view !== "charts") return;
    this.#known = { type, names, property, lines };
    this.#plot();
  }

  show() {
    void this.ask();
  }

  #known: { type: string; names: string[]; property: string; lines: Timelines } | undefined;
  readonly #plot = throttled(100, () => this.#draw());

  #draw() {
    if (this.#known === undefined) return;
    const { type, names, property, lines } = this.#known;
    // Nothing is redrawn under a hand that chooses.
    if (this.element.contains(document.activeElement) && document.activeElement!.matches("select, input")) {
      (document.activeElement as HTMLElement).addEventListener("blur", () => this.refresh(), { once: true });
      if (this.element.childElementCount > 0 && !this.#chose) return;
    }
    this.#chose = false;
    const rows = this.store.rows.filter(({ state, kind }) => state === "stored" && kind !== "request");
    if (rows.length === 0) {
      return this.element.replaceChildren(empty("Nothing to plot yet", "The plots fill as events arrive."));
    }
    const width = Math.max(280, Math.min(this.element.clientWidth - 40, 1200));
    const label = (key: string) => visible(this.store.nameOf(type, key));
    const top = this.element.scrollTop;
    this.element.replaceChildren(
      this.#overTime(rows, type, label, width),
      this.#planStates(lines, names, property, label, width),
      this.#funnel(rows, type, lines, property),
      latency(rows, width),
    );
    this.element.scrollTop = top;
  }

  #chose = false;

  #choose(changes: Parameters<typeof go>[0]) {
    this.#chose = true;
    go(changes);
    this.show();
  }

  #overTime(rows: Row[], type: string, label: (key: string) => string, width: number): HTMLElement {
    const isArrival = route.time === "arrival";
    const timeOf = (row: Row) => isArrival ? row.first : row.stored;
    const [from, to] = range(rows.map(timeOf));
    const step = WIDTHS.find((width) => (to - from) / width <= BUCKETS) ?? (to - from) / BUCKETS;
    const start = Math.floor(from / step) * step;
    const buckets = Math.max(1, Math.floor((to - start) / step) + 1);
    const totals = new Map<string, number>();
    const keyOf = (row: Row) => row.groups.find(([own]) => own === type)?.[1];
    for (const row of rows) {
      const key = keyOf(row);
      if (key !== undefined) totals.set(key, (totals.get(key) ?? 0) + 1);
    }
    const chosen = [...totals].sort((one, two) => two[1] - one[1]).slice(0, SERIES).map(([key]) => key);
    const series = [...chosen, ""];
    const counts = series.map(() => new Array<number>(buckets).fill(0));
    for (const row of rows) {
      const at = chosen.indexOf(keyOf(row) ?? "\0");
      counts[at < 0 ? series.length - 1 : at][Math.floor((timeOf(row) - start) / step)]++;
    }
    const most = Math.max(
      1,
      ...counts[0].map((_, bucket) => counts.reduce((sum, list) => sum + list[bucket], 0)),
    );
    const [left, bottom, height] = [36, 22, 200];
    const wide = (width - left) / buckets;
    const y = (count: number) => (count / most) * (height - bottom - 8);
    const bars: SVGElement[] = [];
    for (let bucket = 0; bucket < buckets; bucket++) {
      let under = 0;
      for (const [at, list] of counts.entries()) {
        if (list[bucket] === 0) continue;
        const tall = y(list[bucket]);
        under += tall;
        bars.push(s(
          "rect",
          {
            x: left + bucket * wide + 0.5,
            y: height - bottom - under,
            width: Math.max(1, wide - 1.5),
            height: Math.max(1, tall - 0.5),
            rx: Math.min(2, wide / 4),
            class: at === series.length - 1 ? "other" : `c${at}`,
          },
          s(
            "title",
            {},
            `${series[at] ? label(series[at]) : "others"}: ${plural(list[bucket], "event")}, ${
              day(start + bucket * step)
            }`,
          ),
        ));
      }
    }
    const named = chosen.map((key, at) => [label(key), `c${at}`] as const);
    const hasOthers = counts.at(-1)!.some((count) => count > 0);
    const times = h(
      "select",
      {
        "aria-label": "Which time counts",
        onchange: ({ target }: Event) => this.#choose({ time: (target as HTMLSelectElement).value }),
      },
      h("option", { value: "", selected: !isArrival }, "by the time of the fact"),
      h("option", { value: "arrival", selected: isArrival }, "by the time of arrival"),
    );
    return card(
      "Events over time",
      times,
      svg(
        width,
        height,
        `${plural(rows.length, "event")} from ${day(from)} to ${day(to)}, by ${type || "group"}`,
        ...grid(most, left, width, height - bottom, y),
        ...bars,
        ...axis(start, start + buckets * step, left, width, height),
      ),
      legend([...named, ...hasOthers ? [["others and none", "other"] as const] : []]),
    );
  }

  #planStates(
    lines: Timelines,
    names: string[],
    property: string,
    label: (key: string) => string,
    width: number,
  ): HTMLElement {
    const select = h("select", {
      "aria-label": "Property",
      onchange: ({ target }: Event) => this.#choose({ property: (target as HTMLSelectElement).value }),
    }, ...names.map((name) => h("option", { value: name, selected: name === property }, visible(name))));
    if (lines.length === 0) {
      return card(
        "States over time",
        names.length > 0 ? select : null,
        h("p", { class: "hint" }, "No group has this property yet."),
      );
    }
    const [from, to] = range(lines.flatMap(({ changes }) => changes.map(({ fact }) => fact)));
    const end = Math.max(to + (to - from) * 0.06, from + SECOND);
    const values = valuesOf(lines);
    const color = (value: string) => values.indexOf(value) < COLORS ? `c${values.indexOf(value)}` : "other";
    const [left, line, bottom] = [Math.min(180, width * 0.3), 30, 24];
    const shown = lines.slice(0, LINES);
    const height = shown.length * line + bottom;
    const x = (time: number) => left + ((time - from) / (end - from)) * (width - left);
    const marks = shown.flatMap(({ key, changes }, row) => [
      s("text", { x: 0, y: row * line + line / 2 + 4, class: "name" }, cut(label(key), left / 7.2)),
      ...changes.map(({ value, fact }, at) => {
        const next = changes[at + 1]?.fact ?? end;
        const wide = Math.max(2, x(next) - x(fact) - 1);
        const title = s(
          "title",
          {},
          `${label(key)}: ${text(value)}, ${day(fact)}${changes[at + 1] ? ` to ${day(next)}` : " until now"}`,
        );
        const rect = s("rect", {
          x: x(fact),
          y: row * line + 5,
          width: wide,
          height: line - 10,
          rx: 4,
          class: color(value),
        }, title);
        const words = text(value);
        return wide > words.length * 7 + 12
          ? s("g", {}, rect, s("text", { x: x(fact) + 7, y: row * line + line / 2 + 4, class: "on" }, words))
          : rect;
      }),
    ]);
    return card(
      "States over time",
      select,
      svg(
        width,
        height,
        `${property} of ${plural(lines.length, "group")} over time`,
        ...marks,
        ...axis(from, end, left, width, height),
      ),
      legend(values.slice(0, COLORS).map((value) => [text(value), color(value)])),
      lines.length > LINES
        ? h("p", { class: "hint" }, `The first ${LINES} of ${number(lines.length)}.`)
        : null,
    );
  }

  #funnel(rows: Row[], type: string, lines: Timelines, property: string): HTMLElement {
    const byGroup = new Map<string, { event: string; at: number }[]>();
    for (const { kind, event, groups, stored } of rows) {
      const key = kind === "event" && groups.find(([own]) => own === type)?.[1];
      if (!key) continue;
      const own = byGroup.get(key) ?? [];
      byGroup.set(key, own);
      own.push({ event, at: stored });
    }
    const reach = new Map<string, { groups: number; rank: number }>();
    for (const own of byGroup.values()) {
      own.sort((one, two) => one.at - two.at);
      for (const [rank, event] of [...new Set(own.map(({ event }) => event))].entries()) {
        const known = reach.get(event) ?? { groups: 0, rank: 0 };
        reach.set(event, { groups: known.groups + 1, rank: known.rank + rank });
      }
    }
    // What most groups do, in the order in which they do it first.
    const order = (event: string) => reach.get(event)!.rank / reach.get(event)!.groups;
    const offered = [...reach.keys()].sort((one, two) => reach.get(two)!.groups - reach.get(one)!.groups)
      .slice(0, 30);
    const wanted = route.steps === ""
      ? offered.slice(0, STEPS)
      : offered.filter((event) => route.steps.split("|").includes(event));
    const steps = wanted.sort((one, two) => order(one) - order(two));
    const states = new Map(lines.map(({ key, changes }) => [key, changes.at(-1)!.value]));
    const values = valuesOf(lines);
    const columns = values.filter((value) => [...states.values()].includes(value)).slice(0, COLORS);
    if ([...byGroup.keys()].some((key) => !states.has(key))) columns.push("");
    const far = [...byGroup].map(([key, own]) => {
      let [taken, last] = [0, -Infinity];
      for (const step of steps) {
        const found = own.find(({ event, at }) => event === step && at >= last);
        if (!found) break;
        last = found.at;
        taken++;
      }
      return { column: states.get(key) ?? "", taken };
    });
    const choice = h(
      "details",
      { class: "choice" },
      h("summary", {}, "Steps"),
      ...offered.map((event) =>
        h(
          "label",
          {},
          h("input", {
            type: "checkbox",
            checked: steps.includes(event),
            onchange: ({ target }: Event) => {
              const others = steps.filter((step) => step !== event);
              const chosen = (target as HTMLInputElement).checked ? [...others, event] : others;
              this.#choose({ steps: chosen.join("|") });
            },
          }),
          " ",
          visible(event),
        )
      ),
    );
    if (steps.length === 0) {
      return card("Funnel", choice, h("p", { class: "hint" }, "No events of groups yet."));
    }
    const most = Math.max(
      1,
      ...columns.map((column) => far.filter((one) => one.column === column && one.taken > 0).length),
    );
    const table = h(
      "table",
      { class: "funnel" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "col" }, "came so far"),
          ...columns.map((column) =>
            h("th", { scope: "col", class: "u" }, column === "" ? "none" : text(column))
          ),
        ),
      ),
      h(
        "tbody",
        {},
        ...steps.map((step, at) =>
          h(
            "tr",
            {},
            h("th", { scope: "row", class: "u" }, visible(step)),
            ...columns.map((column) => {
              const count = far.filter((one) => one.column === column && one.taken > at).length;
              const bar = h("span", {
                class: `bar ${column === "" ? "other" : `c${values.indexOf(column)}`}`,
              });
              bar.style.width = `${(count / most) * 100}%`;
              return h("td", {}, h("span", { class: "count" }, number(count)), bar);
            }),
          )
        ),
      ),
    );
    return card(
      `Funnel by ${property || "group"}`,
      choice,
      h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Funnel" }, table),
    );
  }
}

function latency(rows: Row[], width: number): HTMLElement {
  const series = [
    {
      name: "from the fact to the first attempt",
      color: "c0",
      of: ({ fact, first }: Row) => fact === null ? undefined : Math.max(0, first - fact),
    },
    {
      name: "from the first attempt until it was taken",
      color: "c1",
      of: ({ first, taken }: Row) => taken === null ? undefined : taken - first,
    },
  ];
  const counts = series.map(({ of }) => {
    const list = DELAYS.map(() => 0);
    for (const row of rows) {
      const delay = of(row);
      if (delay !== undefined) list[DELAYS.findIndex(([, upTo]) => delay < upTo)]++;
    }
    return list;
  });
  const most = Math.max(1, ...counts.flat());
  const [left, bottom, height] = [36, 22, 180];
  const wide = (width - left) / DELAYS.length;
  const y = (count: number) => (count / most) * (height - bottom - 18);
  const bars = counts.flatMap((list, at) =>
    list.map((count, bucket) => {
      const x = left + bucket * wide + wide * (0.12 + at * 0.38);
      return s(
        "g",
        {},
        s(
          "rect",
          {
            x,
            y: height - bottom - y(count),
            width: wide * 0.36,
            height: count === 0 ? 0 : Math.max(1.5, y(count)),
            rx: 3,
            class: series[at].color,
          },
          s(
            "title",
            {},
            `${plural(count, "event")} ${series[at].name}: ${
              bucket === DELAYS.length - 1 ? "more" : `under ${DELAYS[bucket][0]}`
            }`,
          ),
        ),
        count > 0 && wide > 60
          ? s(
            "text",
            { x: x + wide * 0.18, y: height - bottom - y(count) - 4, class: "tick middle" },
            number(count),
          )
          : null,
      );
    })
  );
  const ticks = DELAYS.map(([name], bucket) =>
    s(
      "text",
      { x: left + (bucket + 0.5) * wide, y: height - 6, class: "tick middle" },
      bucket === DELAYS.length - 1 ? name : `< ${name}`,
    )
  );
  const delays = rows.flatMap(({ first, taken }) => taken === null ? [] : [taken - first]).sort((one, two) =>
    one - two
  );
  const middle = delays[Math.floor(delays.length * 0.5)] ?? 0;
  const slow = delays[Math.floor(delays.length * 0.99)] ?? 0;
  return card(
    "Delivery latency",
    h(
      "span",
      { class: "more" },
      `once tried: median ${duration(middle)}, 99 % under ${duration(Math.max(1, slow))}`,
    ),
    svg(
      width,
      height,
      "How long events took",
      ...grid(most, left, width, height - bottom, y),
      ...bars,
      ...ticks,
    ),
    legend(series.map(({ name, color }) => [name, color])),
  );
}

function card(title: string, side: Node | null, ...children: (Node | null)[]): HTMLElement {
  return h("section", { class: "card" }, h("header", {}, h("h2", {}, title), side), ...children);
}

function svg(width: number, height: number, label: string, ...children: Node[]): SVGElement {
  return s(
    "svg",
    { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
    ...children,
  );
}

function legend(items: readonly (readonly [name: string, color: string])[]): HTMLElement {
  return h(
    "ul",
    { class: "legend" },
    ...items.map(([name, color]) =>
      h("li", {}, h("span", { class: `swatch ${color}` }), h("span", { class: "u" }, cut(name, 40)))
    ),
  );
}

function grid(
  most: number,
  left: number,
  right: number,
  floor: number,
  y: (count: number) => number,
): SVGElement[] {
  const steps = most < 4 ? most : 4;
  return Array.from({ length: steps + 1 }, (_, step) => {
    const count = Math.round((most / steps) * step);
    const at = floor - y(count);
    return s(
      "g",
      {},
      s("line", { x1: left, x2: right, y1: at, y2: at, class: "grid" }),
      s("text", { x: left - 6, y: at + 4, class: "tick end" }, number(count)),
    );
  });
}

function axis(from: number, to: number, left: number, right: number, height: number): SVGElement[] {
  const steps = Math.max(2, Math.floor((right - left) / 120));
  const show = to - from > 2 * DAY ? day : clock;
  return Array.from({ length: steps }, (_, step) => {
    const share = (step + 0.5) / steps;
    return s(
      "text",
      { x: left + share * (right - left), y: height - 6, class: "tick middle" },
      show(from + share * (to - from)),
    );
  });
}

/** In the order in which they first were: what gives each its colour. */
function valuesOf(lines: Timelines): string[] {
  return [...new Set(lines.flatMap(({ changes }) => changes.map(({ value }) => value)))];
}

/** A loop: so many arguments would not fit a call. */
function range(times: number[]): [from: number, to: number] {
  let [from, to] = [Infinity, -Infinity];
  for (const time of times) {
    if (time < from) from = time;
    if (time > to) to = time;
  }
  return [from, to];
}

function text(json: string): string {
  return visible(cut(json.replace(/^"(.*)"$/s, "$1") || "unset", 60));
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(1, Math.floor(length) - 1))}…`;
}
