import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("CONTRIBUTING.md gives a reason for each dependency, and names none that is gone", () => {
  const used = ["package.json", "src/runtime/package.json"].flatMap((path) => {
    const { dependencies, devDependencies, peerDependencies } = JSON.parse(read(path));
    return Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies });
  });
  const page = read("CONTRIBUTING.md");
  const tables = page.slice(page.indexOf("## Dependencies"));
  const named = [...tables.matchAll(/^\| (`.*?`) \| .+ \|$/gm)].flatMap(([, names = ""]) =>
    [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );
  expect([...new Set(named)].sort()).toEqual([...new Set(used)].sort());
});

test("CONTRIBUTING.md stays one page", () => {
  expect(read("CONTRIBUTING.md").split("\n").length).toBeLessThanOrEqual(140);
});

test("README.md is short", () => {
  expect(read("README.md").trimEnd().split("\n").length).toBeLessThanOrEqual(250);
});
