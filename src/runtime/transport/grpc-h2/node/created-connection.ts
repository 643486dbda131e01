import type { Duplex } from "node:stream";
import type { CreateConnection } from "../client/dial-options.js";
import type { SocketTarget } from "../client/socket-target.js";

/** What a user's `createConnection` opens. Rejects with what it throws, and where it returns no stream. */
export async function createdConnection(
  create: CreateConnection,
  target: SocketTarget,
  signal: AbortSignal,
): Promise<Duplex> {
  const { host, port, path } = { host: undefined, port: undefined, path: undefined, ...target };
  const stream: unknown = await create({ host, port, path, signal });
  if (isDuplex(stream)) return stream;
  throw new TypeError("createConnection returned no Duplex stream, as a net.Socket is one");
}

/** By its shape: streams of another copy of readable-stream are streams. */
function isDuplex(stream: unknown): stream is Duplex {
  if (typeof stream !== "object" || stream === null) return false;
  const verbs: readonly (keyof Duplex)[] = ["on", "once", "write", "end", "destroy"];
  return verbs.every((verb) => typeof (stream as Partial<Duplex>)[verb] === "function"); // asked for each of them
}
