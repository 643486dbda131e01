// npm run fleet [-- --clients grpc-js,grpc-go] [--scenes killed,hangs]: plays the life of a fleet to each client, and writes docs/fleet.md.
import { parseArgs } from "node:util";
import { compile, generatePrograms } from "../harness/generate.js";
import { Results } from "../harness/results.js";
import { buildGoPeers, findToolchains } from "../harness/toolchain.js";
import { installEnvoy } from "../proxies/install.js";
import { type ClientKind, grpcGo, grpcJs, ours, throughEnvoy } from "./clients.js";
import type { FleetClient } from "./fleet-client.js";
import { cell, type Played, writePage } from "./page.js";
import { scenes as allScenes, type Outcome, playScene, type Scene } from "./scenes.js";
import { Stage } from "./stage.js";
import { lastFailure, total } from "./tally.js";

const { values } = parseArgs({ options: { clients: { type: "string" }, scenes: { type: "string" } } });
const IDS = ["a", "b", "c"];
/** Percent of a fair part. */
const MAX_SPREAD = 10;

await generatePrograms();
await compile("programs");
const results = new Results();
const toolchains = await findToolchains();
const kinds: ClientKind[] = [ours, grpcJs];
if (toolchains.go === undefined) results.skip("grpc-go", "no go on the PATH");
else kinds.push(grpcGo(await buildGoPeers()));
if (await installEnvoy({ results, toolchains })) kinds.push(throughEnvoy);

const asked = values.clients?.split(",");
const scenes = allScenes.filter(({ name }) => values.scenes?.split(",").some((part) => name.includes(part)) ?? true);
const played: Played[] = [];
for (const kind of kinds) if (asked?.includes(kind.name) ?? true) played.push(await play(kind, scenes));

if (values.clients === undefined && values.scenes === undefined && results.skipped.length === 0)
  await writePage(allScenes, played);
const faults = played.flatMap(faultsOf);
for (const fault of faults) console.log(`FAIL ${fault}`);
console.log(`${Math.max(0, played.length * scenes.length - faults.length)} passed, ${faults.length} failed`);
process.exitCode = faults.length === 0 ? 0 : 1;

/** Each scene begins with three servers that are called: a client that has not found them all is started anew. */
async function play(kind: ClientKind, list: readonly Scene[]): Promise<Played> {
  const stage = await Stage.start(IDS);
  let started = await kind.start(stage);
  const outcomes = new Map<string, Outcome>();
  try {
    for (const scene of list) {
      if (!(await callsAll(started.client, stage, 3_000))) {
        await started.stop();
        started = await kind.start(stage);
        if (!(await callsAll(started.client, stage, 30_000))) {
          const { windows, stderr } = started.client;
          throw new Error(`${kind.name}: not all servers are called: ${lastFailure(windows)} ${stderr}`);
        }
      }
      const outcome = await playScene(scene, stage, started.client);
      outcomes.set(scene.name, outcome);
      console.log(`${kind.name}: ${scene.name}: ${cell(outcome)}`);
    }
    await started.client.stop();
  } finally {
    await started.stop();
    await stage.stop();
  }
  return { kind, outcomes };
}

function callsAll(client: FleetClient, { ids }: Stage, timeoutMs: number): Promise<boolean> {
  return client.until(Date.now(), (windows) => ids.every((id) => (total(windows, "ok")[id] ?? 0) > 20), timeoutMs);
}

/** Ours loses no more than the better of the others' clients, spreads evenly, and ends every stream with a status. */
function faultsOf({ kind, outcomes }: Played): string[] {
  return [...outcomes].flatMap(([scene, outcome]) => {
    const { spread = 0, ended } = outcome;
    const faults = Object.keys(ended)
      .filter((code) => !/^[A-Z_]+$/.test(code))
      .map((code) => `a stream ended with ${code}`);
    if (kind === ours) {
      const others = played.filter((one) => one.kind !== ours && one.kind !== throughEnvoy);
      const lost = others.map((one) => one.outcomes.get(scene)?.lost ?? Number.POSITIVE_INFINITY);
      const best = Math.min(...lost);
      if (outcome.lost > best) faults.push(`${cell(outcome)}; another client loses ${best}`);
      if (spread > MAX_SPREAD) faults.push(`a server is ${spread.toFixed(1)} % from its part`);
    }
    return faults.map((fault) => `${kind.name}: ${scene}: ${fault}`);
  });
}
