/** Keeps files that are uploaded, in pieces if need be. `node server.js [address] [folder]` */
import { createReadStream } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { RpcError, Server, status } from "gen-stubs-runtime";
import { readBytes, sendBytes } from "gen-stubs-runtime/bytes";
import { FilesService } from "../gen/files_grpc.js";
import { sha256 } from "./sha256.js";
import { Uploads } from "./uploads.js";

const [listenOn = "127.0.0.1:50051", folder = "uploads"] = process.argv.slice(2);
await mkdir(folder, { recursive: true });

const uploads = new Uploads(folder);
const server = new Server({ onError: (error) => console.error(error) });

server.add(FilesService, {
  async getUpload({ id }) {
    return { size: BigInt(await uploads.size(id)) };
  },

  async upload(call) {
    const first = await call.recv();
    if (first?.content.case !== "start") throw new RpcError(status.INVALID_ARGUMENT, "the first message is no start");
    const { id, offset } = first.content.value;
    // Ends well only after a true end of the call: a client that is lost or cancels does not get behind this line.
    await uploads.append(
      id,
      Number(offset),
      readBytes(call, ({ content }) => (content.case === "data" ? content.value : undefined)),
    );
    const path = uploads.path(id);
    return { size: BigInt((await stat(path)).size), sha256: await sha256(path) };
  },

  async download({ id, offset }, call) {
    const path = uploads.path(id);
    if (!(await stat(path).catch(() => undefined))) throw new RpcError(status.NOT_FOUND, `there is no file ${id}`);
    await sendBytes(call, createReadStream(path, { start: Number(offset) }), { toMessage: (data) => ({ data }) });
  },
});

const { address } = await server.listen(listenOn);
console.log(`listening on ${address}`);

process.once("SIGTERM", () => void server.shutdown({ graceMs: 1_000 }));
