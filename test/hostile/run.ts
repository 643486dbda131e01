/**
 * Attacks on our server and on grpc-js's, in the same run: `npm run hostile -- [--short] [part of a name]`. What ours suffers is
 * compared with what grpc-js's does, never with a clock. Exits with 1 where ours does worse than it may.
 */

import { accidents } from "./accidents.js";
import { ATTACKS, type Attack } from "./attacks.js";
import { type Harm, measure } from "./measure.js";

const short = process.argv.includes("--short");
const only = process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? "";
const MB = 1024 * 1024;

/** Ours may take so many times what grpc-js takes. */
const RATIO = 3;
/** What is lost in the noise of a heap, and of a machine that does other things too. */
const MEMORY_NOISE = 24 * MB;
const DELAY_NOISE_MS = 200;

function faults(attack: Attack, ours: Harm, theirs: Harm): string[] {
  const found: string[] = [];
  if (ours.died) found.push("the server died");
  if (!theirs.died && ours.memory > RATIO * Math.max(0, theirs.memory) + MEMORY_NOISE) found.push("memory");
  if (attack.maxMemory !== undefined && ours.memory > attack.maxMemory) found.push("memory beyond its bound");
  if (!theirs.died && ours.delayMs > RATIO * theirs.delayMs + DELAY_NOISE_MS) found.push("the event loop stood still");
  if (ours.failures.length > 0) found.push(`the victim's calls failed: ${ours.failures[0]}`);
  if (attack.maxRunning !== undefined && ours.mostRunning > attack.maxRunning) found.push("handlers without bound");
  return found;
}

function shown({ memory, delayMs, mostRunning, answered, seconds, failures, died }: Harm): string {
  if (died) return "died";
  const handlers = mostRunning > 0 ? `, ${mostRunning} handlers` : "";
  const victim = `victim: ${answered} answered in ${seconds.toFixed(1)} s, ${failures.length} failed`;
  return `${(memory / MB).toFixed(1)} MB, loop ${delayMs.toFixed(0)} ms${handlers}, ${victim}`;
}

let [passed, failed] = [0, 0];
function judge(name: string, found: readonly string[], details: readonly string[]): void {
  if (found.length === 0) passed++;
  else failed++;
  console.log(`${found.length === 0 ? "ok  " : "FAIL"} ${name}${found.length === 0 ? "" : `: ${found.join("; ")}`}`);
  for (const line of details) console.log(`       ${line}`);
}

for (const attack of ATTACKS.filter(({ name }) => name.includes(only))) {
  const scale = short ? 0.2 : 1;
  const theirs = await measure("grpc-js", attack, scale);
  const ours = await measure("ours", attack, scale);
  judge(attack.name, faults(attack, ours, theirs), [`ours:    ${shown(ours)}`, `grpc-js: ${shown(theirs)}`]);
}
if ("accidents".includes(only)) {
  const count = short ? 1000 : 10_000;
  const refused = await accidents(count);
  judge(`accidents: ${count} calls rejected, timed out or aborted`, refused, []);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
