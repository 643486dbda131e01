import { expect, test } from "vitest";
import { requestFault } from "../../src/runtime/h2/headers/index.js";
import { HeadersMemo } from "../../src/runtime/h2/headers-memo.js";

const memo = (): HeadersMemo => new HeadersMemo((headers) => requestFault(headers, { extendedConnect: false }));

const REQUEST = [":method", "POST", ":scheme", "http", ":path", "/a.B/C", "te", "trailers", "user-agent", "x"];

function request(changes: Record<string, string> = {}): string[] {
  return REQUEST.map((text, i) => (i % 2 === 1 ? (changes[REQUEST[i - 1]!] ?? text) : text));
}

test("equal lists are one list, so that calls that keep theirs keep it once", () => {
  const checked = memo();
  const first = request();
  expect(checked.fault(first)).toBeUndefined();
  expect(checked.list).toBe(first);
  expect(checked.fault(request())).toBeUndefined();
  expect(checked.list).toBe(first);
});

test.each([
  ["a value", { "user-agent": "y" }],
  ["a value that the rest depends on", { ":path": "/a.B/D" }],
])("a list that differs in %s stays itself", (_, changes) => {
  const checked = memo();
  checked.fault(request());
  const other = request(changes);
  expect(checked.fault(other)).toBeUndefined();
  expect(checked.list).toBe(other);
});

test("a list that differs in a value is not what the next is compared with", () => {
  const checked = memo();
  const first = request();
  checked.fault(first);
  checked.fault(request({ "user-agent": "y" }));
  checked.fault(request());
  expect(checked.list).toBe(first);
});

test.each([
  ["a value that no header may have", { "user-agent": "a\nb" }],
  ["no path", { ":path": "" }],
])("%s is a fault after a good list", (_, changes) => {
  const checked = memo();
  checked.fault(request());
  expect(checked.fault(request(changes))).toBeTypeOf("string");
});
