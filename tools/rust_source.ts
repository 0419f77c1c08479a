// Rust's sources as far as the checks need to read them: by token, not by meaning.

/** Comments, string literals and characters, in this order of trying. A lifetime is no character. */
const TOKENS = /\/\/[^\n]*|\/\*[^]*?\*\/|r(#*)"([^]*?)"\1|"((?:[^"\\]|\\[^])*)"|'(?:[^'\\]|\\[^']+|\\')'/g;

/** What the string literals of a source say. */
export function literals(source: string): string[] {
  return [...source.matchAll(TOKENS)].map(([, , raw, escaped]) => raw ?? unescaped(escaped))
    .filter((text) => text !== undefined);
}

/** The source without comments and without what its string literals say. */
export function code(source: string): string {
  return source.replace(TOKENS, (token) => token.startsWith("/") ? " " : '""');
}

/** The source without its modules of tests: rustfmt closes each with a brace at the line's start. */
export function withoutTests(source: string): string {
  return source.replace(/^#\[cfg\(test\)\]\n(?:#.*\n)*mod \w+ \{\n[^]*?^\}$/gm, "");
}

const ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t", "0": "\0" };

function unescaped(text?: string): string | undefined {
  return text?.replace(
    /\\(?:\n\s*|x([0-9a-f]{2})|u\{([0-9a-f_]+)\}|([^]))/gi,
    (_, byte, point, char) =>
      char ? ESCAPES[char] ?? char : byte || point ? String.fromCodePoint(parseInt(byte ?? point, 16)) : "",
  );
}
