import { h } from "./dom.ts";
import type { Row } from "./query.ts";
import type { Filter } from "./store.ts";

/** Rows above and below what is seen. */
const MARGIN = 6;

interface Slot {
  element: HTMLElement;
  row: Row | undefined;
  version: number;
  index: number;
}

/** A list of any length of which only what is seen is in the document: a listbox for keys and screen readers. */
export class List {
  readonly element: HTMLElement;
  readonly #space: HTMLElement;
  readonly #slots: Slot[] = [];
  #selected: number | null = null;
  /** Where the keys are. */
  #active: Row | undefined;
  #lengthBefore = 0;
  #asked = false;

  constructor(
    readonly rows: Filter,
    readonly fill: (element: HTMLElement, row: Row) => void,
    readonly open: (row: Row) => void,
    label: string,
  ) {
    this.#space = h("div", { class: "space", role: "presentation" });
    this.element = h(
      "div",
      { class: "list", role: "listbox", tabindex: 0, "aria-label": label },
      this.#space,
    );
    this.element.addEventListener("scroll", () => this.draw(), { passive: true });
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.element.addEventListener("click", ({ target }) => {
      const option = (target as Element).closest<HTMLElement>("[role=option]");
      const row = option && this.#slots.find(({ element }) => element === option)?.row;
      if (row) this.#choose(row);
    });
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  get rowHeight(): number {
    return matchMedia("(max-width: 720px)").matches ? 60 : 36;
  }

  select(id: number | null) {
    this.#selected = id;
    this.draw();
  }

  /** What is read stays where it is while newer rows come above it. */
  changed(isSame: boolean) {
    const { length } = this.rows;
    const more = length - this.#lengthBefore;
    this.#lengthBefore = length;
    if (!isSame) this.element.scrollTop = 0;
    else if (this.element.scrollTop > 0 && more > 0 && !this.rows.isScanning) {
      this.#space.style.height = `${length * this.rowHeight}px`;
      this.element.scrollTop += more * this.rowHeight;
    }
    this.draw();
  }

  /** Every row anew: what is not the row's own has changed. */
  invalidate() {
    for (const slot of this.#slots) slot.version = -1;
    this.draw();
  }

  /** In the next frame. */
  draw() {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#draw();
    });
  }

  #draw() {
    const { length } = this.rows;
    const height = this.rowHeight;
    this.#space.style.height = `${length * height}px`;
    const first = Math.max(0, Math.floor(this.element.scrollTop / height) - MARGIN);
    const last = Math.min(
      length,
      Math.ceil((this.element.scrollTop + this.element.clientHeight) / height) + MARGIN,
    );
    while (this.#slots.length < last - first) {
      const element = h("div", { role: "option", class: "row" });
      this.#slots.push({ element, row: undefined, version: -1, index: -1 });
      this.#space.append(element);
    }
    for (const [offset, slot] of this.#slots.entries()) {
      const index = first + offset;
      const row = index < last ? this.rows.at(index) : undefined;
      slot.element.hidden = row === undefined;
      if (row === undefined) {
        slot.row = undefined;
        continue;
      }
      if (slot.row !== row || slot.version !== row.version) {
        slot.row = row;
        slot.version = row.version;
        slot.element.id = `row-${row.id}`;
        this.fill(slot.element, row);
      }
      if (slot.index !== index) {
        slot.index = index;
        slot.element.style.transform = `translateY(${index * height}px)`;
      }
      slot.element.setAttribute("aria-posinset", String(index + 1));
      slot.element.setAttribute("aria-setsize", String(length));
      slot.element.setAttribute("aria-selected", String(row.id === this.#selected));
      slot.element.classList.toggle("active", row === this.#active);
    }
    if (this.#active && this.#slots.some(({ row }) => row === this.#active)) {
      this.element.setAttribute("aria-activedescendant", `row-${this.#active.id}`);
    } else this.element.removeAttribute("aria-activedescendant");
  }

  #choose(row: Row) {
    this.#active = row;
    this.open(row);
    this.draw();
  }

  #key(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.rowHeight) - 1);
    const now = this.#active ? this.rows.indexOf(this.#active) : -1;
    const steps: Record<string, number> = {
      ArrowDown: now + 1,
      j: now + 1,
      ArrowUp: now - 1,
      k: now - 1,
      PageDown: now + page,
      PageUp: now - page,
      Home: 0,
      End: this.rows.length - 1,
    };
    if (event.key === "Enter" || event.key === " ") {
      if (this.#active) this.open(this.#active);
      event.preventDefault();
      return;
    }
    const to = steps[event.key];
    if (to === undefined || this.rows.length === 0) return;
    event.preventDefault();
    const index = Math.min(this.rows.length - 1, Math.max(0, to));
    this.#active = this.rows.at(index);
    const [top, height] = [index * this.rowHeight, this.rowHeight];
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + height > scrollTop + clientHeight) this.element.scrollTop = top + height - clientHeight;
    // Whoever reads an event goes on to the next one with the same keys.
    if (this.#selected !== null && this.#active) this.open(this.#active);
    this.draw();
  }
}
