// What an editor shows: asked of TypeScript's language service, as editors do. `node editor.cjs <typescript>`, run in a
// project that has the package.
const { deepStrictEqual, match } = require("node:assert/strict");
const { test } = require("node:test");
const ts = require(process.argv[2]);

const file = `${process.cwd()}/typed.ts`;
let text = "";
const service = ts.createLanguageService({
  getCompilationSettings: () => ({
    strict: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    types: [],
  }),
  getScriptFileNames: () => [file],
  getScriptVersion: (name) => name === file ? text : "1",
  getScriptSnapshot(name) {
    const found = name === file ? text : ts.sys.readFile(name);
    return found === undefined ? undefined : ts.ScriptSnapshot.fromString(found);
  },
  getCurrentDirectory: () => process.cwd(),
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: (name) => name === file || ts.sys.fileExists(name),
  readFile: ts.sys.readFile,
  readDirectory: ts.sys.readDirectory,
  directoryExists: ts.sys.directoryExists,
  getDirectories: ts.sys.getDirectories,
});

const HEAD = `import { PostHog, trusted } from "posthog-wasm";
const posthog = new PostHog<{
  groups: "organization" | "app";
  events: { "Uploaded": { app_id: string; size?: number }; "Org Created": {} };
}>("k", { groupTypes: ["organization", "app"] });
const plain = new PostHog("k");
`;

/** Types `typed` behind the head; the cursor is where `¦` is. */
function type(typed) {
  const at = HEAD.length + typed.indexOf("¦");
  text = HEAD + typed.replace("¦", "");
  return at;
}

function completions(typed) {
  const at = type(typed);
  return service.getCompletionsAtPosition(file, at, {})?.entries.map(({ name }) => name).sort();
}

/** What the compiler says of it, in one line each. */
function errors(typed) {
  text = HEAD + typed;
  const found = service.getSemanticDiagnostics(file);
  return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

test("an event's name is completed", () => {
  const names = ["Org Created", "Uploaded"];
  deepStrictEqual(completions('posthog.capture({ event: "¦" });'), names);
  deepStrictEqual(completions('posthog.track({ kind: "capture", event: "¦" });'), names);
  deepStrictEqual(completions('posthog.track([{ kind: "capture", event: "¦" }]);'), names);
});

test("the properties of that event are completed", () => {
  const names = completions('posthog.capture({ event: "Uploaded", distinctId: "u", properties: { ¦ } });');
  deepStrictEqual(names, ["app_id", "size"]);
});

test("group types are completed", () => {
  const types = ["app", "organization"];
  deepStrictEqual(
    completions('new PostHog<{ groups: "organization" | "app" }>("k", { groupTypes: ["¦"] });'),
    types,
  );
});

test("posthog-node's groups are told what a group is", () => {
  for (const groups of ['{ organization: "o1" }', '["o1"]', '[{ type: "organization", key: "o1" }]']) {
    const said = errors(`plain.capture({ event: "e", distinctId: "u", groups: ${groups} });`).join("\n");
    match(said, /VerifiedGroup<string>/, groups);
  }
  const at = type('import type { Verified¦Group } from "posthog-wasm";');
  const said = ts.displayPartsToString(service.getQuickInfoAtPosition(file, at).documentation);
  match(said, /trusted\(.*verify\(/s);
});

test("what is missing is named", () => {
  match(errors('plain.capture({ event: "e" });').join(), /'distinctId' is missing/);
  match(
    errors('posthog.capture({ event: "Uploaded", distinctId: "u", properties: {} });').join(),
    /app_id: string/,
  );
  match(errors('posthog.capture({ event: "x", distinctId: "u" });').join(), /"Uploaded" \| "Org Created"/);
  match(errors('posthog.groupIdentify({ group: trusted("team", "t"), properties: {} });').join(), /"team"/);
});

test("every method says when to use it, what it returns, and has an example", () => {
  const full = `import { PostHog as Full } from "posthog-wasm/full"; declare const full: Full;`;
  const methods = completions(`${full} full.¦`);
  deepStrictEqual(methods.length, 11);
  for (
    const method of [...methods.map((name) => `full.${name.slice(0, 1)}¦${name.slice(1)}`), "Full.from¦Env"]
  ) {
    const info = service.getQuickInfoAtPosition(file, type(`${full} ${method};`));
    match(ts.displayPartsToString(info.documentation), /^[A-Z].*```ts\n.+```/s, method);
    if (method.includes("from")) continue; // Its type says it.
    deepStrictEqual(info.tags?.some(({ name }) => name === "returns"), true, `${method} has no @returns`);
  }
});
