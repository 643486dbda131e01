import fc from "fast-check";
import { expect, test } from "vitest";
import { NameScope } from "../../src/model/names/name-scope.js";

test("the first gets the name, others an escape", () => {
  const scope = new NameScope();
  expect([1, 2, 3].map(() => scope.claim("Point"))).toEqual(["Point", "Point$", "Point$1"]);
});

test("nobody gets a reserved name", () => {
  expect(new NameScope(["Promise", "Promise$"]).claim("Promise")).toBe("Promise$1");
});

test("an alternative comes before an escape", () => {
  const scope = new NameScope(["a"]);
  expect(scope.claim("a", "b", "c")).toBe("b");
  expect(scope.claim("a", "b", "c")).toBe("c");
  expect(scope.claim("a", "b", "c")).toBe("a$");
});

test("no two names are alike, whatever is claimed", () => {
  const name = fc.constantFrom<string>("a", "b", "a$", "a$1", "a$2", "b$", "a$$");
  fc.assert(
    fc.property(fc.array(name), fc.array(name), (reserved, claims) => {
      const scope = new NameScope(reserved);
      const names = claims.map((claim) => scope.claim(claim));
      expect(new Set(names).size).toBe(names.length);
      expect(names.filter((one) => reserved.includes(one))).toEqual([]);
    }),
  );
});

test("names that are already there do not change when another comes later", () => {
  const before = new NameScope();
  const after = new NameScope();
  const first = ["A", "B", "A"].map((name) => before.claim(name));
  expect(["A", "B", "A", "A", "C"].map((name) => after.claim(name)).slice(0, 3)).toEqual(first);
});
