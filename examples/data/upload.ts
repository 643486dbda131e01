import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { DataServiceClient } from "./gen/data_grpc.js";
import type { UploadResponse } from "./gen/data_pb.js";

const chunkSize = 64 * 1024;

/** Uploads a file in chunks of 64 KiB, and makes sure that the server has the same bytes. */
export async function upload(client: DataServiceClient, path: string, signal?: AbortSignal): Promise<UploadResponse> {
  const { size } = await stat(path);
  const hash = createHash("sha256");

  await using call = client.uploadFile({ signal });
  await call.send({ content: { case: "metadata", value: { fileName: basename(path), size: BigInt(size) } } });
  for await (const data of createReadStream(path, { highWaterMark: chunkSize })) {
    hash.update(data);
    // Waits while the server is behind. False: the server has answered already and wants no more.
    if (!(await call.send({ content: { case: "data", value: data } }))) break;
  }
  const response = await call.closeAndRecv();

  if (response.sha256 !== hash.digest("hex")) throw new Error(`${path}: the server received other bytes`);
  return response;
}
