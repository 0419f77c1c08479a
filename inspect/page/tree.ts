import { h } from "./dom.ts";
import { number } from "./format.ts";

/** Members that are shown at once, and characters of a string. */
const MEMBERS = 100;
const CHARACTERS = 300;
/** Levels that are open at first. */
const OPEN_LEVELS = 2;

/** A JSON value to look into. What is closed is not made yet, and what is long comes in parts. */
export function tree(value: unknown, name?: string, level = 0): HTMLElement {
  if (typeof value !== "object" || value === null) {
    return h("div", { class: "leaf" }, name !== undefined && key(name), scalar(value));
  }
  const isList = Array.isArray(value);
  const names = Object.keys(value);
  if (names.length === 0) {
    return h("div", { class: "leaf" }, name !== undefined && key(name), isList ? "[]" : "{}");
  }
  const members = h("div", { class: "members" });
  let shown = 0;
  const more = () => {
    const upTo = Math.min(names.length, shown + MEMBERS);
    for (; shown < upTo; shown++) {
      const member = names[shown];
      members.append(tree((value as Record<string, unknown>)[member], member, level + 1));
    }
    if (shown < names.length) {
      const left = names.length - shown;
      const button = h("button", {
        class: "link",
        type: "button",
        onclick: () => {
          button.remove();
          more();
        },
      }, `Show ${number(Math.min(MEMBERS, left))} more of ${number(left)}`);
      members.append(button);
    }
  };
  const isOpen = level < OPEN_LEVELS && names.length <= MEMBERS;
  const size = h(
    "span",
    { class: "size" },
    isList ? `[${number(names.length)}]` : `{${number(names.length)}}`,
  );
  const details = h(
    "details",
    {
      ontoggle: () => {
        if (details.open && shown === 0) more();
      },
    },
    h("summary", {}, name === undefined ? "" : key(name), size),
    members,
  );
  if (isOpen) {
    more();
    details.open = true;
  }
  return details;
}

function key(name: string): HTMLElement {
  return h("span", { class: "key" }, visible(name.slice(0, CHARACTERS)));
}

export function scalar(value: unknown): HTMLElement {
  if (typeof value !== "string") {
    return h("span", { class: `value ${value === null ? "null" : typeof value}` }, String(value));
  }
  const span = h("span", { class: "value string" }, `"${visible(value.slice(0, CHARACTERS))}`);
  if (value.length <= CHARACTERS) {
    span.append('"');
    return span;
  }
  const button = h("button", {
    class: "link",
    type: "button",
    onclick: () =>
      span.replaceWith(h("pre", { class: "long", tabindex: 0 }, visible(value.slice(0, 100_000)))),
  }, `… show ${number(Math.min(value.length, 100_000))} of ${number(value.length)} characters`);
  span.append(button);
  return span;
}

/** Characters that one would not see, or that would turn what stands around them, are written out. */
export function visible(text: string): string {
  return text.replace(
    // deno-lint-ignore no-control-regex
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
