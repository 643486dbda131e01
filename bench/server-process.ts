/** One peer's server. Arguments: the peer, its setup. Sends its port to the parent, and its processor time whenever asked. */
import { loadPeer } from "./load-peer.js";
import type { Setup } from "./peer.js";

const peer = await loadPeer(process.argv[2]);
// The parent wrote it.
const { tls } = JSON.parse(process.argv[3] ?? "{}") as Setup;
process.send?.(await peer.serve(tls));
process.on("message", () => process.send?.(process.cpuUsage()));
process.on("disconnect", () => process.exit());
