import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../support/packed.js";

test("ARCHITECTURE.md names files that are there", () => {
  const text = readFileSync(join(repository, "ARCHITECTURE.md"), "utf8");
  const paths = [...text.matchAll(/`([\w./-]+\/[\w./-]+)`/g)].map(([, path = ""]) => path);
  expect(paths.length).toBeGreaterThan(40);
  const roots = ["src/runtime", "src", "."].map((root) => join(repository, root));
  expect(paths.filter((path) => !roots.some((root) => existsSync(join(root, path))))).toEqual([]);
});
