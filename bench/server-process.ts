/** One peer's server. Argument: the peer. Sends its port to the parent. */
import { peers } from "./peers.js";

const entry = peers.find(({ name }) => name === process.argv[2]);
if (entry === undefined) throw new Error(`no peer ${process.argv[2]}`);
const port = await (await entry.load()).serve();
process.send?.(port);
process.on("disconnect", () => process.exit());
