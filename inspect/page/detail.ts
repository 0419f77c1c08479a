import { explain } from "../explain.ts";
import type { Detail } from "../shared.ts";
import { differences } from "./diff.ts";
import { h, toast } from "./dom.ts";
import { frames } from "./exception.ts";
import { bytes, duration, iso, plural } from "./format.ts";
import { lint, type Mistake } from "./linting.ts";
import { ask, field, groupLink, lag, personLink, stateMark, time } from "./parts.ts";
import type { Row } from "./query.ts";
import { go } from "./route.ts";
import { scalar, tree, visible } from "./tree.ts";

let asked = 0;
let tab = "difference";

/** Shows one event whole in `place`; the answer to an older question is not shown. */
export async function showDetail(place: HTMLElement, row: Row | undefined, id: number) {
  const asking = ++asked;
  const detail = await ask<Detail | null>("event", { id: String(id) }).catch(() => null);
  if (asking !== asked) return;
  const top = place.scrollTop;
  const isSame = place.dataset.event === String(id);
  place.dataset.event = String(id);
  if (detail === null) {
    place.replaceChildren(
      header("Event", undefined),
      h("p", { class: "hint" }, "This event is not here any more, or not in this project."),
    );
    return;
  }
  const sent = parsed(detail.sent);
  place.replaceChildren(...parts(detail, { ...row!, ...detail } as Row, sent));
  place.scrollTop = isSame ? top : 0;
  const found = await lintOf(detail, sent);
  if (asking === asked && found.length > 0) place.querySelector(".lint")?.replaceWith(linted(found));
}

function header(name: string, row: Row | undefined): HTMLElement {
  const close = h("button", {
    class: "icon",
    type: "button",
    "aria-label": "Close the event",
    title: "Close (Esc)",
    onclick: () => go({ event: null }),
  }, "✕");
  return h(
    "header",
    {},
    h("div", { class: "title" }, h("h2", { class: "u" }, visible(name.slice(0, 300))), row && stateMark(row)),
    close,
  );
}

function parts(detail: Detail, row: Row, sent: unknown): HTMLElement[] {
  const { groups, person, uuid, fact, stored, first, taken, kind } = detail;
  const problems = detail.warnings.map((code) => {
    const { title, means, do: advice } = explain(code);
    const answer = code === "refused" && detail.refusal !== null;
    return h(
      "li",
      {},
      h("strong", {}, title),
      means && h("p", {}, means),
      answer && h("p", { class: "quote" }, visible(detail.refusal || "404: there is nothing at this path")),
      advice && h("p", { class: "advice" }, advice),
      h("code", {}, code),
    );
  });
  const exceptions = kind === "exception" ? frames(sent) : undefined;
  return [
    header(detail.event, row),
    detail.title === "" ? h("span", {}) : h("p", { class: "subtitle u" }, visible(detail.title)),
    problems.length > 0
      ? h(
        "section",
        { class: "problems" },
        h("h3", {}, "What PostHog drops or changes"),
        h("ul", {}, ...problems),
      )
      : h("span", {}),
    h(
      "dl",
      { class: "fields" },
      person
        ? field("Person", personLink(person), detail.personless ? aside("personless") : "")
        : h("span", {}),
      groups.length > 0
        ? field("Groups", ...groups.map(([type, key]) => groupLink(type, key)))
        : h("span", {}),
      field(
        "Happened",
        fact === null ? "not said" : time(fact),
        fact === null ? "" : aside(`came ${lag(row)}`),
      ),
      field(
        "Arrived",
        time(first),
        taken !== null && taken !== first ? aside(`taken after ${duration(taken - first)}`) : "",
      ),
      field("Stored under", h("span", { class: "mono" }, iso(stored))),
      uuid ? field("uuid", h("span", { class: "mono u" }, visible(uuid))) : h("span", {}),
      field("Size", bytes(detail.bytes), detail.lib ? aside(`from ${visible(detail.lib)}`) : ""),
    ),
    exceptions ?? h("span", {}),
    attempts(detail),
    h("div", { class: "lint" }),
    documents(detail, sent),
  ];
}

function attempts({ tries, copies, attempts }: Detail): HTMLElement {
  const rows = tries.map(({ at, status, ms, aborted, fault, taken, path }) =>
    h(
      "tr",
      {},
      h("td", {}, time(at)),
      h("td", { class: "mono" }, path),
      h(
        "td",
        {},
        answer(status, aborted, ms),
        fault === "none" ? null : h("span", { class: "fault" }, fault),
      ),
      h("td", { class: "number" }, ms === null ? "…" : duration(ms)),
      h("td", {}, taken ? "taken" : ""),
    )
  );
  const duplicates = copies > 1 ? `, ${plural(copies - 1, "duplicate")} folded by uuid` : "";
  return h(
    "section",
    {},
    h("h3", {}, `${plural(attempts, "attempt")}${duplicates}`),
    h(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": "Attempts" },
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ...["Arrived", "Path", "Answer", "Took", "Event"].map((name) =>
              h("th", { scope: "col", class: name === "Took" ? "number" : "" }, name)
            ),
          ),
        ),
        h("tbody", {}, ...rows),
      ),
    ),
  );
}

function aside(text: string): HTMLElement {
  return h("span", { class: "aside" }, text);
}

function answer(status: number | null, aborted: boolean, ms: number | null): string {
  if (status !== null) return aborted ? `${status}, client left` : String(status);
  return ms === null ? "waiting" : "none";
}

/** As sent, as kept, and the difference: one of them at a time. */
function documents(detail: Detail, sent: unknown): HTMLElement {
  const kept = detail.kept === null ? undefined : parsed(detail.kept);
  const shown = h("div", { class: "document", role: "tabpanel", id: "document", tabindex: 0 });
  const views: [id: string, name: string, make: () => HTMLElement][] = [
    ["difference", "Difference", () => difference(sent, kept)],
    [
      "sent",
      "As sent",
      () =>
        sent === undefined
          ? h("pre", { class: "long", tabindex: 0 }, visible(detail.sent.slice(0, 100_000)))
          : tree(sent),
    ],
    [
      "kept",
      "As PostHog keeps it",
      () => kept === undefined ? h("p", { class: "hint" }, "PostHog does not keep it.") : tree(kept),
    ],
  ];
  const tabs = views.map(([id, name]) =>
    h("button", {
      type: "button",
      role: "tab",
      id: `tab-${id}`,
      "aria-controls": "document",
      onclick: () => show(id),
    }, name)
  );
  const show = (id: string) => {
    tab = id;
    for (const [index, [other]] of views.entries()) {
      tabs[index].setAttribute("aria-selected", String(other === id));
      tabs[index].tabIndex = other === id ? 0 : -1;
    }
    shown.setAttribute("aria-labelledby", `tab-${id}`);
    shown.replaceChildren(views.find(([other]) => other === id)![2]());
  };
  const list = h("div", {
    role: "tablist",
    "aria-label": "The event's JSON",
    onkeydown: (event: KeyboardEvent) => {
      const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
      if (step === 0) return;
      const at = (views.findIndex(([id]) => id === tab) + step + views.length) % views.length;
      show(views[at][0]);
      tabs[at].focus();
    },
  }, ...tabs);
  show(tab);
  const copy = h("button", {
    class: "small",
    type: "button",
    onclick: async () => {
      await navigator.clipboard.writeText(tab === "kept" && detail.kept ? detail.kept : detail.sent);
      toast("Copied");
    },
  }, "Copy JSON");
  const note = detail.cut
    ? h("p", { class: "hint" }, "It is very long; this is its beginning.")
    : h("span", {});
  return h("section", {}, h("div", { class: "tabs" }, list, copy), note, shown);
}

function difference(sent: unknown, kept: unknown): HTMLElement {
  if (kept === undefined) {
    return h("p", { class: "hint" }, "PostHog does not keep it, so there is nothing to compare.");
  }
  if (sent === undefined) return h("p", { class: "hint" }, "It is too long to compare.");
  const found = differences(sent, kept);
  if (found.length === 0) return h("p", { class: "hint" }, "PostHog keeps it as it was sent.");
  return h(
    "ul",
    { class: "diff" },
    ...found.map(({ path, sent, kept }) =>
      h(
        "li",
        {},
        h("span", { class: "key u" }, visible(path.slice(0, 300))),
        sent === undefined ? null : h("div", { class: "minus" }, short(sent)),
        kept === undefined ? null : h("div", { class: "plus" }, short(kept)),
      )
    ),
  );
}

function short(value: unknown): HTMLElement {
  return typeof value === "object" && value !== null ? tree(value, undefined, 9) : scalar(value);
}

async function lintOf({ kind, cut }: Detail, sent: unknown): Promise<Mistake[]> {
  if (cut || sent === undefined || !["event", "group", "exception"].includes(kind)) return [];
  return await lint(sent);
}

function linted(found: Mistake[]): HTMLElement {
  return h(
    "section",
    { class: "lint" },
    h("h3", {}, "What posthog-wasm's lint says"),
    h(
      "ul",
      {},
      ...found.slice(0, 20).map(({ code, field, message }) =>
        h(
          "li",
          {},
          h("code", {}, code),
          " ",
          field ? h("span", { class: "mono u" }, visible(field.slice(0, 200))) : "",
          h("p", {}, visible(message)),
        )
      ),
    ),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
