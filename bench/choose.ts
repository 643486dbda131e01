import { spawnSync } from "node:child_process";
import { buildNative } from "./build/native.js";
import { baseline, ours, type PeerEntry, peers } from "./peers.js";
import type { Scenario } from "./scenarios.js";

export interface Choice {
  readonly scenarios: readonly Scenario[];
  readonly peers: readonly PeerEntry[];
  /** What cannot be measured here, and why. */
  readonly leftOut: readonly string[];
}

/**
 * What of all there is was asked for, and can run on this machine. Builds the peers of other toolchains.
 *
 * @throws Error where a name is nobody's.
 */
export function choose(asked: {
  /** What is chosen from. */
  readonly from: readonly Scenario[];
  readonly scenarios: readonly string[] | undefined;
  readonly peers: readonly string[] | undefined;
  readonly withBaseline: boolean;
}): Choice {
  const leftOut: string[] = [];
  for (const name of asked.peers ?? []) {
    if (!peers.some((peer) => peer.name === name)) throw new Error(`--peer ${name}: there are ${list(peers)}`);
  }
  const named = ({ name }: Scenario) => asked.scenarios?.some((start) => name.startsWith(start)) ?? true;
  let chosen = asked.from.filter(named);
  if (chosen.length === 0) throw new Error(`--scenario ${asked.scenarios?.join()}: there are ${list(asked.from)}`);
  if (chosen.some(({ oneCore }) => oneCore) && spawnSync("taskset", ["-c", "0", "true"]).status !== 0) {
    leftOut.push("all on one core: no taskset on the PATH");
    chosen = chosen.filter(({ oneCore }) => oneCore !== true);
  }
  const wanted = peers.filter(({ name, program, door }) => {
    if (program.kind === "copy") return asked.withBaseline;
    return name === baseline || name === ours || (asked.peers?.includes(name) ?? door !== true);
  });
  const builds = new Map<string, string | undefined>();
  const able = wanted.filter(({ name, program }) => {
    if (program.kind !== "native") return true;
    const { toolchain } = program;
    if (!builds.has(toolchain)) builds.set(toolchain, buildNative(toolchain)?.leftOut);
    const why = builds.get(toolchain);
    if (why !== undefined) leftOut.push(`${name}: ${why}`);
    return why === undefined;
  });
  return { scenarios: chosen, peers: able, leftOut };
}

function list(all: readonly { readonly name: string }[]): string {
  return all.map(({ name }) => JSON.stringify(name)).join(", ");
}
