import { join } from "node:path";
import { type Input, ownInputs, slice, tree } from "./inputs.js";
import { type Cost, inTurns, measureNode } from "./measure.js";
import { type Part, table } from "./page.js";

/** Generators, by the script that Node runs; each with its default options. */
function peers(root: string): ReadonlyMap<string, string> {
  return new Map([
    ["gen-stubs", join(root, "bin/protoc-gen-stubs.js")],
    ["protoc-gen-es", join(root, "node_modules/@bufbuild/protoc-gen-es/bin/protoc-gen-es")],
    ["ts-proto", join(root, "node_modules/ts-proto/protoc-gen-ts_proto")],
    ["protobuf-ts", join(root, ".cache/corpora-npm/node_modules/@protobuf-ts/plugin/bin/protoc-gen-ts")],
  ]);
}

/** How long generators take, and what memory: whole processes from start to exit. */
export async function speedPart(root: string, cache: string, rounds: number): Promise<Part> {
  const google = tree(root, "google-proto-files");
  const { empty, small, wide } = ownInputs(root);
  const plugin = peers(root).get("gen-stubs")!;
  const request = await empty.request("");
  const start = inTurns(
    rounds * 3,
    new Map([
      ["node", () => measureNode(cache, ["-e", ""])],
      ["gen-stubs", () => measureNode(cache, [plugin], request)],
    ]),
  );
  const more = start.get("gen-stubs")!.cpuMs - start.get("node")!.cpuMs;
  const blocks = [
    `## Start-up: ${empty.title}\n\n${costs(start, "node")}\n\n${more.toFixed(0)} ms of processor time more than bare node.`,
  ];
  for (const input of [small, wide, slice(google, 32, "google-proto-files, a 32nd")]) {
    blocks.push(`## ${input.title}\n\n${costs(await measurePeers(root, cache, rounds, input), "gen-stubs")}`);
  }
  const sizes = [4, 2, 1].map((every) => slice(google, every, `gen-stubs, ${every === 1 ? "all" : `1 of ${every}`}`));
  const scaled = new Map<string, () => Cost>();
  for (const input of sizes) {
    const bytes = await input.request("");
    scaled.set(input.title, () => measureNode(cache, [plugin], bytes));
  }
  blocks.push(`## google-proto-files, by size\n\n${costs(inTurns(1, scaled), sizes.at(-1)!.title)}`);
  return { name: "speed", text: blocks.join("\n\n") };
}

async function measurePeers(
  root: string,
  cache: string,
  rounds: number,
  input: Input,
): Promise<ReadonlyMap<string, Cost>> {
  const bytes = await input.request("");
  return inTurns(
    rounds,
    new Map([...peers(root)].map(([name, script]) => [name, () => measureNode(cache, [script], bytes)])),
  );
}

function costs(measured: ReadonlyMap<string, Cost>, one: string): string {
  const base = measured.get(one)!.cpuMs;
  const rows = [...measured].map(([name, { wallMs, cpuMs, peakMb }]) => [
    name,
    wallMs.toFixed(0),
    cpuMs.toFixed(0),
    peakMb.toFixed(0),
    (cpuMs / base).toFixed(2),
  ]);
  return table(["", "wall ms", "processor ms", "peak MB", `processor time, ${one} = 1`], rows);
}
