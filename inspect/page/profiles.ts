// Groups and persons: a list, and one of them with the history of what is known and all that happened.
import type { Profile, ProfileSummary, PropertyHistory } from "../shared.ts";
import { h, throttled } from "./dom.ts";
import { number, plural } from "./format.ts";
import { ask, empty, eventLink, groupLink, search, stateMark, time } from "./parts.ts";
import type { Row } from "./query.ts";
import { go, route } from "./route.ts";
import type { Store } from "./store.ts";
import { visible } from "./tree.ts";

/** So many events of a timeline are shown. */
const TIMELINE = 200;

export class Profiles {
  readonly element: HTMLElement;
  readonly #list = h("ul", { class: "names" });
  readonly #one = h("article", { class: "profile", tabindex: -1 });
  readonly #types = h("div", { class: "types", role: "group", "aria-label": "Group types" });
  readonly #input: HTMLInputElement;
  readonly refresh = throttled(700, () => void this.show());
  #asked = 0;

  constructor(readonly store: Store, readonly kind: "groups" | "persons") {
    this.#input = h("input", {
      type: "search",
      placeholder: kind === "groups" ? "Find a group" : "Find a person",
      "aria-label": kind === "groups" ? "Find a group" : "Find a person",
      oninput: () => this.refresh(),
    });
    this.element = h(
      "div",
      { class: "profiles" },
      h("div", { class: "side" }, this.#types, this.#input, this.#list),
      this.#one,
    );
  }

  get #type(): string {
    return route.type || this.store.state?.groupTypes[0] || "";
  }

  async show() {
    if (route.view !== this.kind) return;
    const asking = ++this.#asked;
    const search = this.#input.value;
    const type = this.#type;
    const [all, one] = await Promise.all([
      this.kind === "groups"
        ? ask<ProfileSummary[]>("groups", { type, search })
        : ask<ProfileSummary[]>("persons", { search }),
      route.key === ""
        ? null
        : this.kind === "groups"
        ? ask<Profile | null>("group", { type, key: route.key })
        : ask<Profile | null>("person", { key: route.key }),
    ]).catch(() => [[], null] as [ProfileSummary[], null]);
    if (asking !== this.#asked || route.view !== this.kind) return;
    this.#showTypes();
    this.element.classList.toggle("chosen", route.key !== "");
    this.#list.replaceChildren(...all.map((summary) => this.#name(summary)));
    const focus = document.activeElement;
    const opened = new Set(
      [...this.#one.querySelectorAll<HTMLElement>("details[open]")].map(({ dataset }) => dataset.name),
    );
    const top = this.#one.scrollTop;
    this.#one.replaceChildren(...this.#parts(one, all.length));
    for (const details of this.#one.querySelectorAll("details")) {
      details.open = opened.has(details.dataset.name);
    }
    this.#one.scrollTop = top;
    if (focus && !focus.isConnected) this.#one.focus();
  }

  #showTypes() {
    const types = this.kind === "groups" ? this.store.state?.groupTypes ?? [] : [];
    this.#types.hidden = types.length < 2;
    this.#types.replaceChildren(...types.map((type) =>
      h("button", {
        type: "button",
        class: "small",
        "aria-pressed": String(type === this.#type),
        onclick: () => go({ type, key: "" }),
      }, visible(type))
    ));
  }

  #name({ key, name, events, ids, changed }: ProfileSummary): HTMLElement {
    return h(
      "li",
      {},
      h(
        "button",
        {
          type: "button",
          "aria-current": String(key === route.key),
          onclick: () => go({ key, type: this.kind === "groups" ? this.#type : "" }),
        },
        h("span", { class: name ? "name u" : "name mono u" }, visible(name || key)),
        h(
          "span",
          { class: "more" },
          name && name !== key ? h("span", { class: "mono u" }, visible(key)) : null,
          ids > 1 ? `${ids} ids` : null,
          changed === null ? h("span", { class: "tag" }, "no profile") : null,
          h("span", {}, plural(events, "event")),
        ),
      ),
    );
  }

  #parts(one: Profile | null, all: number): HTMLElement[] {
    const what = this.kind === "groups" ? "group" : "person";
    if (route.key === "") {
      return [
        all === 0
          ? empty(
            `No ${what}s yet`,
            what === "group"
              ? "A group is there from the first event that names it."
              : "A person is there from the first event that is not personless.",
          )
          : empty(
            `${number(all)} ${what}s`,
            `Choose one to see what PostHog knows of it, and what told it so.`,
          ),
      ];
    }
    const back = h(
      "button",
      { class: "small back", type: "button", onclick: () => go({ key: "" }) },
      "← All",
    );
    const rows = this.#rows(one);
    if (one === null) {
      return [
        back,
        h("h2", { class: "u" }, visible(route.key)),
        h("p", { class: "hint" }, "PostHog knows nothing of it."),
        this.#timeline(rows),
      ];
    }
    const name = one.properties.find(({ name }) => name === "name")?.changes.at(-1)?.value;
    return [
      back,
      h(
        "header",
        {},
        h("h2", { class: "u" }, visible(name ? unquoted(name) : one.key)),
        h(
          "p",
          { class: "more" },
          h(
            "span",
            { class: "mono u" },
            one.ids.length > 1 ? visible(one.ids.slice(0, 20).join(", ")) : name ? visible(one.key) : "",
          ),
          h("span", {}, plural(one.events, "event")),
          this.kind === "persons"
            ? h("span", { class: "tag" }, one.identified ? "identified" : "anonymous")
            : null,
          h("button", {
            class: "link",
            type: "button",
            onclick: () => this.kind === "groups" ? search(this.#type, one.key) : search("person", one.key),
          }, "Show in events"),
        ),
      ),
      this.#properties(one.properties),
      this.#timeline(rows),
    ];
  }

  #properties(all: PropertyHistory[]): HTMLElement {
    if (all.length === 0) {
      const text = this.kind === "groups"
        ? "No $groupidentify has described it: PostHog shows no name and no properties."
        : "No event has set a property of this person.";
      return h("section", {}, h("h3", {}, "Profile"), h("p", { class: "hint" }, text));
    }
    const sorted = [...all].sort((one, two) => one.name < two.name ? -1 : 1);
    return h(
      "section",
      {},
      h("h3", {}, "Profile"),
      h(
        "div",
        { class: "properties" },
        ...sorted.map(({ name, changes }) => {
          const last = changes.at(-1)!;
          const line = [
            h("span", { class: "key u" }, visible(name)),
            value(last.value),
            h("span", { class: "by" }, eventLink(last.row, last.event), " ", time(last.fact)),
          ];
          const past = changes.length === 1 ? null : h(
            "details",
            { class: "past", "data-name": name },
            h("summary", {}, `${changes.length} values`),
            h(
              "ol",
              { class: "history" },
              ...[...changes].reverse().map((change) =>
                h(
                  "li",
                  {},
                  value(change.value),
                  h("span", { class: "by" }, eventLink(change.row, change.event), " ", time(change.fact)),
                )
              ),
            ),
          );
          return h("div", { class: "property" }, ...line, past);
        }),
      ),
    );
  }

  /** Newest fact first. */
  #rows(one: Profile | null): Row[] {
    const ids = new Set(one?.ids ?? [route.key]);
    const type = this.#type;
    return this.store.rows
      .filter((row) =>
        this.kind === "persons"
          ? ids.has(row.person)
          : row.groups.some(([own, key]) => own === type && key === route.key)
      )
      .sort((one, two) => two.stored - one.stored);
  }

  #timeline(rows: Row[]): HTMLElement {
    if (rows.length === 0) return h("span", {});
    return h(
      "section",
      {},
      h("h3", {}, "Timeline"),
      h(
        "ol",
        { class: "timeline" },
        ...rows.slice(0, TIMELINE).map((row) =>
          h(
            "li",
            { class: row.kind },
            time(row.stored),
            h(
              "span",
              {},
              eventLink(row.id, row.event),
              " ",
              h("span", { class: "dim u" }, visible(row.title)),
              row.state === "stored" && row.warnings.length === 0 ? null : stateMark(row),
            ),
            this.kind === "persons"
              ? h("span", {}, ...row.groups.slice(0, 2).map(([type, key]) => groupLink(type, key)))
              : null,
          )
        ),
      ),
      rows.length > TIMELINE
        ? h("p", { class: "hint" }, `${number(rows.length - TIMELINE)} older ones are in the list of events.`)
        : null,
    );
  }
}

function value(json: string): HTMLElement {
  if (json === "") return h("span", { class: "value null" }, "unset");
  const kind = json.startsWith('"')
    ? "string"
    : /^[{[]/.test(json)
    ? "tree"
    : /^[-\d]/.test(json)
    ? "number"
    : "boolean";
  const text = json.length > 160 ? `${json.slice(0, 160)}…` : json;
  return h(
    "span",
    { class: `value u ${kind}`, title: json.length > 160 ? visible(json) : null },
    visible(kind === "string" ? unquoted(text) : text),
  );
}

function unquoted(json: string): string {
  try {
    const value = JSON.parse(json);
    return typeof value === "string" ? value : json;
  } catch {
    return json.replace(/^"/, "");
  }
}
