/**
 * Throws hostile requests and descriptor sets at the generator: `npm run fuzz -- --runs 20000 --seed 1`. The same seed and
 * number of runs give the same inputs. Exit 1, and the shrunk input, where something breaks.
 */
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { batch } from "./campaign.js";

const batchSize = 500;
/** A run that takes more processor time hangs. Runs take about a millisecond. */
const hangAfterMs = 5_000;

interface Campaign {
  readonly seed: number;
  readonly runs: number;
  /** Counts the runs that were begun. */
  readonly progress: Int32Array<SharedArrayBuffer>;
}

if (isMainThread) await main();
else work(workerData);

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { runs: { type: "string" }, seed: { type: "string" } } });
  const campaign: Campaign = {
    seed: Number(values.seed ?? 1),
    runs: Number(values.runs ?? 20_000),
    progress: new Int32Array(new SharedArrayBuffer(4)),
  };
  if (!Number.isInteger(campaign.seed) || !Number.isInteger(campaign.runs) || campaign.runs < 1) {
    console.error("usage: npm run fuzz -- [--runs <count>] [--seed <number>]");
    process.exitCode = 2;
    return;
  }
  const failure = await watch(campaign);
  const passed = failure === undefined ? campaign.runs : Math.max(0, Atomics.load(campaign.progress, 0) - 1);
  if (failure !== undefined) console.error(failure);
  console.log(`fuzz: ${passed} passed, ${failure === undefined ? 0 : 1} failed (seed ${campaign.seed})`);
  process.exitCode = failure === undefined ? 0 : 1;
}

/** Resolves to what went wrong. */
function watch(campaign: Campaign): Promise<string | undefined> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: campaign });
    let seen = 0;
    let since = cpuMs();
    const watchdog = setInterval(() => {
      const now = Atomics.load(campaign.progress, 0);
      if (now !== seen || now === 0) {
        seen = now;
        since = cpuMs();
      } else if (cpuMs() - since > hangAfterMs) finish(`run ${now} hangs; batches are of ${batchSize} runs`);
    }, 250);
    function finish(failure: string | undefined): void {
      clearInterval(watchdog);
      void worker.terminate();
      resolve(failure);
    }
    worker.on("message", finish);
    worker.on("error", (error) => finish(String(error)));
  });
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function work({ seed, runs, progress }: Campaign): void {
  const onRun = () => void Atomics.add(progress, 0, 1);
  for (let done = 0; done < runs; done += batchSize) {
    const failure = batch(process.cwd(), seed + done / batchSize, Math.min(batchSize, runs - done), onRun);
    if (failure !== undefined) {
      parentPort?.postMessage(failure);
      return;
    }
  }
  parentPort?.postMessage(undefined);
}
