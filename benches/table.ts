/** A Markdown table. */
export function table(head: string[], rows: string[][]): string {
  const width = head.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at].length)));
  const line = (cells: string[]) => `| ${cells.map((cell, at) => cell.padEnd(width[at])).join(" | ")} |`;
  return [line(head), line(width.map((length) => "-".repeat(length))), ...rows.map(line)].join("\n");
}
