/** `npm run fuzz:h2 -- --count N [--only server|client|pair] [--seed S]`: N sequences of each kind; 100,000 without options. */
import { parseArgs } from "node:util";
import { campaigns } from "./campaign.js";

const { values } = parseArgs({
  options: { count: { type: "string", default: "100000" }, only: { type: "string" }, seed: { type: "string" } },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000_007);
const total = Number(values.count);
/** A run of fast-check keeps what it needs for shrinking: many short ones take less memory than a long one. */
const PART = 5000;

for (const [name, campaign] of Object.entries(campaigns)) {
  if (values.only !== undefined && values.only !== name) continue;
  const started = performance.now();
  for (let done = 0; done < total; done += PART) campaign(Math.min(PART, total - done), seed + done);
  console.log(
    `${name}: ${total} sequences from seed ${seed}, ${((performance.now() - started) / 1000).toFixed(1)} s, no fault`,
  );
}
