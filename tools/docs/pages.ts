// The pages of the documentation, and what is in them.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as tools from "../tools.ts";

/** A page: its path from the root, and its text. */
export interface Page {
  path: string;
  text: string;
}

/** A block of code: where it stands, its language, and the words behind that. */
export interface Block {
  page: string;
  line: number;
  language: string;
  /** `run`, `run=node`, `ignore`, … */
  marks: string[];
  code: string;
}

/** What people read: the pages in the root, in docs/ and in examples/. */
export async function pages(): Promise<Page[]> {
  const paths = (await readdir(tools.root)).filter((name) => name.endsWith(".md"));
  for (const folder of ["docs", "examples"]) {
    const found = await readdir(join(tools.root, folder), { recursive: true });
    paths.push(
      ...found.filter((name) => name.endsWith(".md") && !name.includes("node_modules"))
        .map((name) => `${folder}/${name}`),
    );
  }
  return await Promise.all(
    paths.sort().map(async (path) => ({ path, text: await readFile(join(tools.root, path), "utf8") })),
  );
}

/** The page's fenced code. */
export function blocks({ path, text }: Page): Block[] {
  const found: Block[] = [];
  let open: { fence: string; block: Block; lines: string[] } | undefined;
  text.split("\n").forEach((line, at) => {
    const [, fence, info = ""] = /^\s*(`{3,})(.*)$/.exec(line) ?? [];
    if (open) {
      if (fence === open.fence && info === "") {
        found.push({ ...open.block, code: `${open.lines.join("\n")}\n` });
        open = undefined;
      } else open.lines.push(line);
    } else if (fence) {
      const [language = "", ...marks] = info.trim().split(/\s+/);
      open = { fence, block: { page: path, line: at + 1, language, marks, code: "" }, lines: [] };
    }
  });
  return found;
}

/** The page without its code: fenced blocks are empty, and what is code in a line is gone. */
export function prose({ text }: Page): string {
  return text.replace(/^\s*(`{3,}).*$[^]*?^\s*\1$/gm, "").replace(/`[^`\n]+`/g, "");
}

/** What a heading's text is as an anchor, as GitHub makes it. Of equal ones, the later are numbered. */
export function anchors({ text }: Page): Set<string> {
  const seen = new Map<string, number>();
  const found = new Set<string>();
  for (const [, heading] of text.replace(/^\s*(`{3,}).*$[^]*?^\s*\1$/gm, "").matchAll(/^#{1,6} +(.+)$/gm)) {
    const anchor = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").trim().toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(/\s/g, "-");
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    found.add(times === 0 ? anchor : `${anchor}-${times}`);
  }
  return found;
}

/** Where the page's links lead, but for what stands in code. */
export function links(page: Page): string[] {
  const text = prose(page);
  const inline = [...text.matchAll(/\]\(([^()\s]+(?:\([^()\s]*\))?)[^()]*\)/g)];
  const defined = [...text.matchAll(/^\[[^\]]+\]:\s+(\S+)/gm)];
  return [...inline, ...defined].map(([, to]) => to);
}

/** For messages: `docs/groups.md:12`. */
export function place({ page, line }: Block): string {
  return `${page}:${line}`;
}
