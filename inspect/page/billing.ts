import { h, throttled } from "./dom.ts";
import { number, plural } from "./format.ts";
import { empty, search } from "./parts.ts";
import { route } from "./route.ts";
import type { Store } from "./store.ts";
import { visible } from "./tree.ts";

/** What PostHog counts in products of their own, not as events. */
const APART: Record<string, string> = {
  $exception: "exceptions, in error tracking",
  $snapshot_items: "replay messages, in session replay",
  $feature_flag_called: "flag calls, with feature flags",
};

/** What PostHog would count: each event once, whatever came twice. */
export class Billing {
  readonly element = h("div", { class: "billing" });
  readonly refresh = throttled(300, () => this.show());

  constructor(readonly store: Store) {}

  show() {
    if (route.view !== "billing") return;
    const kept = this.store.rows.filter(({ state, kind }) => state === "stored" && kind !== "request");
    if (kept.length === 0) {
      return this.element.replaceChildren(
        empty("Nothing is billed yet", "Every event that PostHog keeps counts once."),
      );
    }
    const billed = kept.filter(({ event }) => !Object.hasOwn(APART, event));
    const identified = billed.filter(({ personless }) => !personless);
    const profiles = identified.filter(({ kind }) => kind === "group");
    const copies = kept.reduce((sum, { copies }) => sum + Math.max(0, copies - 1), 0);
    const counts = new Map<string, [identified: number, personless: number]>();
    for (const { event, personless } of billed) {
      const [one, two] = counts.get(event) ?? [0, 0];
      counts.set(event, personless ? [one, two + 1] : [one + 1, two]);
    }
    const rows = [...counts].sort(([, one], [, two]) => two[0] + two[1] - one[0] - one[1]).slice(0, 200);
    const most = rows[0] ? rows[0][1][0] + rows[0][1][1] : 1;
    const apart = Object.entries(APART).flatMap(([event, words]) => {
      const count = kept.filter((row) => row.event === event).length;
      return count > 0 ? [`${number(count)} ${words}`] : [];
    });
    this.element.replaceChildren(
      h(
        "div",
        { class: "figures" },
        figure(
          "identified events",
          identified.length,
          "With person processing: the dearer kind. Server events are identified unless they say $process_person_profile: false.",
        ),
        figure(
          "personless events",
          billed.length - identified.length,
          "Without person processing: cheaper, and linked to no group.",
        ),
        figure(
          "in the groups add-on",
          identified.length,
          "The add-on counts every identified event of a project, whether or not it has a group.",
        ),
        figure(
          "profile updates",
          profiles.length,
          "Each $groupidentify is an identified event. Send one when something changes, never with each request.",
        ),
      ),
      h(
        "p",
        { class: "hint" },
        `${plural(copies, "duplicate")} not counted: PostHog counts day, name, person and uuid once.`,
        apart.length > 0 ? ` Counted apart: ${apart.join("; ")}.` : "",
      ),
      h(
        "section",
        { class: "card" },
        h("header", {}, h("h2", {}, "By event")),
        h(
          "div",
          { class: "scroll", tabindex: 0, role: "region", "aria-label": "By event" },
          h(
            "table",
            { class: "bills" },
            h(
              "thead",
              {},
              h(
                "tr",
                {},
                ...["Event", "Identified", "Personless", "Share"].map((name) =>
                  h("th", { scope: "col" }, name)
                ),
              ),
            ),
            h(
              "tbody",
              {},
              ...rows.map(([event, [one, two]]) => {
                const bar = h("span", { class: "bar c0" });
                bar.style.width = `${((one + two) / most) * 100}%`;
                return h(
                  "tr",
                  {},
                  h(
                    "td",
                    {},
                    h(
                      "button",
                      { class: "link u", type: "button", onclick: () => search("event", event) },
                      visible(event),
                    ),
                  ),
                  h("td", { class: "number" }, number(one)),
                  h("td", { class: "number" }, number(two)),
                  h("td", {}, bar),
                );
              }),
            ),
          ),
        ),
      ),
    );
  }
}

function figure(name: string, value: number, means: string): HTMLElement {
  return h(
    "div",
    { class: "figure" },
    h("strong", {}, number(value)),
    h("span", {}, name),
    h("p", {}, means),
  );
}
