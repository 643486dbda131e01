/** One peer's server. Argument: the peer. Sends its port to the parent, and its processor time whenever asked. */
import { peers } from "./peers.js";

const entry = peers.find(({ name }) => name === process.argv[2]);
if (entry === undefined) throw new Error(`no peer ${process.argv[2]}`);
const port = await (await entry.load()).serve();
process.send?.(port);
process.on("message", () => process.send?.(process.cpuUsage()));
process.on("disconnect", () => process.exit());
