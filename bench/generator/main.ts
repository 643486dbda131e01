/**
 * The generator, and what its output costs: `npm run bench:gen`. `--only speed,command,types,start` measures parts, `--write` puts them into
 * `docs/bench-gen.md`.
 */
import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { commandPart } from "./command.js";
import { tree } from "./inputs.js";
import { type Part, writeParts } from "./page.js";
import { speedPart } from "./speed.js";
import { startPart } from "./start.js";
import { typesPart } from "./types.js";

const root = process.cwd();
const cache = join(root, ".cache/bench-gen");
const { values } = parseArgs({
  options: {
    only: { type: "string", default: "speed,command,types,start" },
    rounds: { type: "string", default: "3" },
    write: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
const only = values.only.split(",");

// A large API of Google's, and the one whose every file a node of lnd's users loads.
const pubsub = /^google\/(pubsub|spanner|bigtable|firestore|storage|logging|longrunning)\//;
const trees = () => [tree(root, "lightning"), tree(root, "google-proto-files", pubsub)];
const measurers: Readonly<Record<string, () => Promise<Part>>> = {
  speed: () => speedPart(root, cache, rounds),
  command: () => commandPart(root, rounds),
  types: () => typesPart(root, cache, rounds, trees()),
  start: () => startPart(root, cache, rounds, trees()),
};

const parts: Part[] = [];
for (const name of only) {
  const measure = measurers[name];
  if (measure === undefined) throw new Error(`--only: there is ${Object.keys(measurers).join(", ")}, not ${name}`);
  const { text } = await measure();
  const load = execFileSync("node", ["-p", "os.loadavg()[0].toFixed(1)"], { encoding: "utf8" }).trim();
  const machine = `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "?"}, load ${load}; ${rounds === 1 ? "one round" : `medians of ${rounds} rounds`}.`;
  const dated = text.replace(/^(## .*)$/m, `$1\n\n${machine}`);
  console.log(`${dated}\n`);
  parts.push({ name, text: dated });
}
if (values.write) writeParts(join(root, "docs/bench-gen.md"), parts);
