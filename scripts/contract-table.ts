/**
 * Writes the table of docs/promises.md from the tests of test/contract: `npm run contract-table`. With `--check`: writes
 * nothing, exits 1 where the page has another table.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { declaredTests } from "./contract/declared-tests.js";
import { contractTable } from "./contract/table.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = `${root}docs/promises.md`;
const [begin, end] = ["<!-- contract: written by npm run contract-table -->\n", "\n<!-- /contract -->"];

const before = readFileSync(page, "utf8");
const from = before.indexOf(begin);
const to = before.indexOf(end);
if (from < 0 || to < from) throw new Error(`docs/promises.md lacks the markers ${begin.trim()} … ${end.trim()}`);

const after = before.slice(0, from + begin.length) + contractTable(await declaredTests(root)) + before.slice(to);
if (after === before) {
  console.log("the table in docs/promises.md is what the tests say");
} else if (process.argv.includes("--check")) {
  console.error("the table in docs/promises.md is not what the tests say; run: npm run contract-table");
  process.exitCode = 1;
} else {
  writeFileSync(page, after);
  console.log("wrote the table in docs/promises.md");
}
