// docs/call-sites.md names every call site of the old tracking layer, and counts the lines of its code rightly.
// `deno test --config tests/types/deno.json --allow-read`

const page = Deno.readTextFileSync(new URL("../../docs/call-sites.md", import.meta.url));

interface Section {
  title: string;
  before: number;
  after: number;
}

/** Lines of code: blank ones, comments and imports count for nothing. */
function lines(code: string): number {
  return code.replace(/^(import .*?;|\/\/[^\n]*)$/gms, "").split("\n").filter((line) => line.trim() !== "")
    .length;
}

const blocks = (text: string) => [...text.matchAll(/^```ts( ignore)?\n(.*?)^```$/gms)];

const [introduction, ...parts] = page.split(/^### /m);
const sections: Section[] = parts.map((part) => {
  const [title] = part.split("\n");
  const found = blocks(part);
  const before = found.filter(([, ignored]) => ignored);
  const after = found.filter(([, ignored]) => !ignored);
  if (before.length === 0 || after.length !== 1) {
    throw new Error(`${title}: needs code before, and one after`);
  }
  const sum = (some: typeof found) => some.reduce((total, [, , code]) => total + lines(code!), 0);
  return { title: title!, before: sum(before), after: sum(after) };
});

/** The table as the page must have it. */
function table(): string {
  const sum = (of: (section: Section) => number) =>
    sections.reduce((total, section) => total + of(section), 0);
  const helpers = blocks(introduction!).reduce((total, [, , code]) => total + lines(code!), 0);
  const [before, after] = [sum((section) => section.before), sum((section) => section.after) + helpers];
  const rows: [string, string | number, string | number, number][] = [
    ...sections.map(({ title, before, after }): [string, number, number, number] => {
      return [title, before, after, before - after];
    }),
    ["the two helpers, once", "", helpers, -helpers],
    ["**all**", before, after, before - after],
  ];
  const shown = [["site", "before", "after", "saved"], ...rows.map((row) => row.map(String))];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...shown.map((row) => row[column]!.length)));
  const line = (row: string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  const [head, ...body] = shown;
  return [line(head!), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}

Deno.test("the lines of every call site are counted", () => {
  const [, after] = page.split("call_sites_test.ts -->\n\n");
  const [actual] = after!.split("\n\n<!-- the end");
  if (actual !== table()) throw new Error(`the table must be:\n\n${table()}\n`);
});

Deno.test("every call site is there", () => {
  const numbers = sections.flatMap(({ title }) => {
    const [, from, to] = title.match(/^1a (\d+)(?: to (\d+))?/) ?? [];
    return Array.from(
      { length: from ? Number(to ?? from) - Number(from) + 1 : 0 },
      (_, index) => index + Number(from),
    );
  });
  const all = Array.from({ length: 25 }, (_, index) => index + 1);
  if (String(numbers.sort((a, b) => a - b)) !== String(all)) throw new Error(`of 1a there are ${numbers}`);
  const titles = sections.map(({ title }) => title).join("\n");
  for (
    const direct of [
      "1b `Bundle Incompatible Email`",
      "1b `credit_usage_posthog`",
      "1b `on_organization_create`",
      "1b `stripe_event`",
      "1b `replay`",
      "1b `on_error`",
      "1b backfill",
    ]
  ) {
    if (!titles.includes(direct)) throw new Error(`there is no ${direct}`);
  }
});
