import assert from "node:assert/strict";
import { JsonError, JsonNumber, parseJson, stringify, toText, toValue } from "./json.ts";

Deno.test("agrees with JSON.parse on ordinary documents", () => {
  const documents = [
    "null",
    "true",
    " false\r\n\t",
    '""',
    '"a\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00😀"',
    "-0.5e-3",
    "[]",
    "{}",
    '[1,[2,[]],{"a":{"b":[null]}}]',
    '{"__proto__":1,"a":1,"a":2}',
    '{ "a" : [ 1 , 2 ] }',
    "1E5",
  ];
  for (const text of documents) assert.deepEqual(toValue(parseJson(text)), JSON.parse(text), text);
});

Deno.test("refuses what serde_json refuses", () => {
  const refused: [text: string, message: RegExp][] = [
    ["{nope", /^key must be a string at line 1 column 2$/],
    ["", /^EOF while parsing a value at line 1 column 0$/],
    ['{"a":1', /^EOF while parsing an object/],
    ["[1,", /^EOF while parsing a value/],
    ["[1", /^EOF while parsing a list/],
    ['"a', /^EOF while parsing a string/],
    ["nul", /^expected ident/],
    ["[1,]", /^expected value at line 1 column 4$/],
    ['{"a":1,}', /^key must be a string/],
    ["[1 2]", /^expected `,` or `\]`/],
    ["1 2", /^trailing characters/],
    ["01", /^trailing characters/],
    [".5", /^expected value/],
    ["1e400", /^number out of range/],
    ["9".repeat(400), /^number out of range/],
    ["NaN", /^expected value/],
    ["\ufeff{}", /^expected value/],
    ['"\n"', /^control character/],
    ['"\\x"', /^invalid escape/],
    ['"\\u12g4"', /^invalid escape/],
    ['"\\ud800"', /^unexpected end of hex escape/],
    ['"\\ud800\\u0041"', /^lone leading surrogate/],
    ['"\\udc00"', /^lone leading surrogate/],
    ['{"\\ud800":1}', /^unexpected end of hex escape/],
    ["[".repeat(128) + "]".repeat(128), /^recursion limit exceeded/],
  ];
  for (const [text, message] of refused) assert.throws(() => parseJson(text), check(message), text);
  parseJson("[".repeat(127) + "]".repeat(127));
});

Deno.test("keeps integers exactly", () => {
  const text = "[9007199254740991,9007199254740993,18446744073709551615,-9223372036854775808,1.0]";
  const values = toValue(parseJson(text));
  assert.deepEqual(values, [9007199254740991, 9007199254740993n, 2n ** 64n - 1n, -(2n ** 63n), 1]);
  assert.equal(stringify(values), text.replace("1.0", "1"));
  assert.equal(
    toText(parseJson('[ 1.0, 1e2, {"a" : "x", "a": null}, 18446744073709551615 ]')),
    '[1.0,100.0,{"a":null},18446744073709551615]',
  );
});

Deno.test("knows an integer by how it is written", () => {
  const integers = ["0", "-1", "18446744073709551615", "-0", "1.0", "1e3", "18446744073709551616"]
    .map((text) => new JsonNumber(text).integer);
  assert.deepEqual(integers, [0n, -1n, 2n ** 64n - 1n, undefined, undefined, undefined, undefined]);
});

function check(message: RegExp) {
  return (error: unknown) => error instanceof JsonError && message.test(error.message);
}
