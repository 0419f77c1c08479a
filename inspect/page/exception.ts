import { h } from "./dom.ts";
import { visible } from "./tree.ts";

interface Frame {
  function?: unknown;
  filename?: unknown;
  lineno?: unknown;
  colno?: unknown;
  in_app?: unknown;
  platform?: unknown;
  context_line?: unknown;
}

interface Exception {
  type?: unknown;
  value?: unknown;
  mechanism?: { handled?: unknown; type?: unknown; exception_id?: unknown; parent_id?: unknown };
  stacktrace?: { frames?: unknown };
}

/** So many of each are shown. */
const MOST = 50;

/** The exceptions of an event, outermost first, with where they were thrown on top, as PostHog shows it. */
export function frames(sent: unknown): HTMLElement | undefined {
  const list = (sent as { properties?: { $exception_list?: unknown } })?.properties?.$exception_list;
  if (!Array.isArray(list)) return undefined;
  return h(
    "section",
    { class: "exceptions" },
    ...list.slice(0, MOST).map((one, index) => exception(one ?? {}, index)),
  );
}

function exception({ type, value, mechanism, stacktrace }: Exception, index: number): HTMLElement {
  const sent = Array.isArray(stacktrace?.frames) ? stacktrace.frames as Frame[] : [];
  // They come with the entry point first.
  const shown = sent.slice(-MOST).reverse();
  const handled = mechanism?.handled === true ? "handled" : mechanism?.handled === false ? "unhandled" : "";
  return h(
    "article",
    {},
    h(
      "h3",
      {},
      index > 0 ? h("span", { class: "cause" }, "caused by ") : null,
      h("span", { class: "u" }, visible(String(type ?? "").slice(0, 200))),
      handled ? h("span", { class: `tag ${handled}` }, handled) : null,
    ),
    h("p", { class: "quote u" }, visible(String(value ?? "").slice(0, 2000))),
    shown.length === 0 ? h("p", { class: "hint" }, "No frames.") : h(
      "ol",
      { class: "frames" },
      ...shown.map((frame) =>
        h(
          "li",
          { class: frame?.in_app === true ? "own" : "" },
          h("span", { class: "function u" }, visible(String(frame?.function ?? "?").slice(0, 200))),
          h(
            "span",
            { class: "file u" },
            visible(`${String(frame?.filename ?? "").slice(-200)}${place(frame)}`),
          ),
          typeof frame?.context_line === "string"
            ? h("code", { class: "u" }, visible(frame.context_line.trim().slice(0, 300)))
            : null,
        )
      ),
    ),
    sent.length > MOST ? h("p", { class: "hint" }, `${sent.length - MOST} more frames below these.`) : null,
  );
}

function place(frame: Frame | null): string {
  const numbers = [frame?.lineno, frame?.colno].filter((part) => typeof part === "number");
  return numbers.map((part) => `:${part}`).join("");
}
