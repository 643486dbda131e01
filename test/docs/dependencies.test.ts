import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("CONTRIBUTING.md gives a reason for every dependency, and names none that is gone", () => {
  const used = ["package.json", "src/runtime/package.json"].flatMap((path) => {
    const { dependencies, devDependencies, peerDependencies } = JSON.parse(read(path));
    return Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies });
  });
  const tables = read("CONTRIBUTING.md").split("## Dependencies")[1] ?? "";
  const named = [...tables.matchAll(/^\| (`.*?`) \| .+ \|$/gm)].flatMap(([, names = ""]) =>
    [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );
  expect([...new Set(named)].sort()).toEqual([...new Set(used)].sort());
});
