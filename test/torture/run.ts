/**
 * `npm run torture -- [--short] [--seeds N] [--first SEED] [--events N] [--jobs N] [--upload BYTES]`: subscriptions over a network and with
 * servers that fail at random moments; 200 seeds of 5,000 events, 12 at a time, for each of them waits more than it computes. Says the seed
 * where one fails; `--first SEED --seeds 1` is that run again. Then an upload of 1 GB (`--short`: 20 MB; 0 for none) that is cut ten times.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type SubscriptionReport, tortureSubscription } from "./subscription.js";
import { tortureUpload } from "./upload.js";

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    seeds: { type: "string", default: "200" },
    first: { type: "string", default: "1" },
    events: { type: "string", default: "5000" },
    jobs: { type: "string", default: "12" },
    upload: { type: "string" },
  },
});
const [seeds, first, count, jobs] = [values.seeds, values.first, values.events, values.jobs].map(Number) as [
  number,
  number,
  number,
  number,
];
/** A seed takes seconds; one that never ends is told, too. */
const LONGEST_MS = 180_000;

const started = performance.now();
const reports: SubscriptionReport[] = [];
let failures = 0;
let next = first;
await Promise.all(
  Array.from({ length: jobs }, async () => {
    while (next < first + seeds) {
      try {
        reports.push(await ended(next++));
      } catch (error) {
        failures++;
        console.error(error instanceof Error ? error.message : error);
      }
      if (reports.length % 20 === 0) console.log(`${reports.length} of ${seeds} seeds`);
    }
  }),
);

function ended(seed: number): Promise<SubscriptionReport> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`seed ${seed} did not end within ${LONGEST_MS} ms`)), LONGEST_MS);
  });
  return Promise.race([tortureSubscription(seed, count), tooLong]).finally(() => clearTimeout(timer));
}

const sum = (of: (report: SubscriptionReport) => number): number => reports.reduce((all, one) => all + of(one), 0);
const kinds = new Map<string, number>();
for (const kind of reports.flatMap(({ faults }) => faults)) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
console.log(`faults: ${[...kinds].map(([kind, times]) => `${times} ${kind}`).join(", ")}`);
console.log(
  `${sum(({ calls }) => calls)} calls, ${sum(({ connections }) => connections)} connections, ${sum(({ lives }) => lives)} servers, ` +
    `${sum(({ duplicates }) => duplicates)} repetitions left out`,
);
const seconds = ((performance.now() - started) / 1000).toFixed(0);
console.log(
  `subscriptions: ${reports.length} passed, ${failures} failed, each ${count} events, every one once and in order (${seconds} s)`,
);
process.exitCode = failures > 0 || reports.length < seeds ? 1 : 0;

const bytes = Number(values.upload ?? (values.short ? 20e6 : 2 ** 30));
if (bytes > 0) {
  const repository = fileURLToPath(new URL("../../../..", import.meta.url));
  execFileSync("npm", ["run", "examples:build", "--silent"], {
    cwd: repository,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const example = join(repository, "examples/dist/upload");
  const report = await tortureUpload({ seed: first, bytes, cuts: 10, example });
  for (const line of [...report.resumes, ...report.lines]) console.log(line);
  const { cuts, kills } = report;
  console.log(
    `upload: ${bytes} bytes, cut ${cuts} times, ${kills} of them by killing the server (${report.seconds.toFixed(0)} s)`,
  );
  if (cuts < 10) process.exitCode = 1;
}
if (failures > 0) process.exit(); // what did not end keeps the process
