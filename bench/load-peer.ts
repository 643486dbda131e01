import type { Peer } from "./peer.js";
import { peers } from "./peers.js";

/** The peer of this name, in the process that is to be it. */
export async function loadPeer(name: string | undefined): Promise<Peer> {
  const program = peers.find((entry) => entry.name === name)?.program;
  if (program?.kind !== "node") throw new Error(`no peer ${name} that Node runs`);
  return program.load();
}
