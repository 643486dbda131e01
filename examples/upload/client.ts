/**
 * Uploads a file, whatever becomes of the server meanwhile, and downloads it again. `node client.js <file> [address] [copy]`.
 * Started once more it goes on where it was ended.
 */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { connect, status } from "gen-stubs-runtime";
import { readBytes, resumeUpload } from "gen-stubs-runtime/bytes";
import { FilesClient } from "../gen/files_grpc.js";
import { sha256 } from "./sha256.js";

const [path = process.argv[1] ?? "", address = "127.0.0.1:50051", copy] = process.argv.slice(2);

// A connection without a sign of life is given up, and the next call makes another.
await using channel = connect(`http://${address}`, { keepaliveTimeMs: 10_000, keepaliveTimeoutMs: 5_000 });
const files = new FilesClient(channel);

// The same file has the same id, so that another run of this program finds what the server has.
const { size, mtimeMs } = await stat(path);
const id = createHash("sha256")
  .update(`${basename(path)} ${size} ${mtimeMs}`)
  .digest("hex")
  .slice(0, 32);

const mine = sha256(path);
const response = await resumeUpload(
  (offset) => {
    const call = files.upload();
    void call.send({ content: { case: "start", value: { id, offset: BigInt(offset) } } });
    return call;
  },
  (start) => createReadStream(path, { start, highWaterMark: 256 * 1024 }),
  {
    acknowledged: async (signal) => (await files.getUpload({ id }, { signal, timeoutMs: 10_000 })).size,
    toMessage: (value) => ({ content: { case: "data", value } }),
    chunkBytes: 256 * 1024,
    idleTimeoutMs: 30_000,
    initialBackoffMs: 100,
    maxBackoffMs: 1_000,
    // The offset was another's when the call began: ask once more.
    statuses: { ABORTED: "resume" },
    onResume: ({ error, sentBytes, delayMs }) =>
      console.error(`${status[error.code]} behind ${sentBytes} bytes; going on in ${delayMs.toFixed(0)} ms`),
  },
);
console.log(`uploaded ${response.size} bytes, SHA-256 ${response.sha256}`);
if (response.sha256 !== (await mine)) throw new Error(`${path}: the server has other bytes`);

if (copy !== undefined) {
  await pipeline(
    readBytes(files.download({ id }), ({ data }) => data),
    createWriteStream(copy),
  );
  console.log(`downloaded ${(await stat(copy)).size} bytes, SHA-256 ${await sha256(copy)}`);
}
