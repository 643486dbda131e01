/** Serves all four kinds of call. */
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { RpcError, Server, status } from "gen-stubs-runtime";
import { DataServiceService } from "./gen/data_grpc.js";
import { Updates } from "./updates.js";

const maxFileSize = 100 * 1024 * 1024;

const updates = new Updates();
updates.measure("temperature");
updates.measure("pressure");

const server = new Server({ onError: (error) => console.error(error) });

server.add(DataServiceService, {
  getData({ id }) {
    if (id === "") throw new RpcError(status.INVALID_ARGUMENT, "id is empty");
    return {
      id,
      name: `Item ${id}`,
      attributes: { colour: "green" },
      points: [{ value: 1.5, labels: [{ key: "unit", value: "m" }] }],
      timestamp: BigInt(Date.now()),
    };
  },

  async *subscribeData({ topics, since }, call) {
    let next = since === 0n ? updates.now() : since;
    for (;;) {
      for (const update of updates.from(next, topics)) {
        yield update;
        next = update.timestamp + 1n;
      }
      await once(updates, "update", { signal: call.signal });
    }
  },

  async uploadFile(call) {
    const hash = createHash("sha256");
    let expected: bigint | undefined;
    let size = 0;
    for await (const { content } of call) {
      if (content.case === "metadata") {
        expected = content.value.size;
      } else if (content.case === "data") {
        size += content.value.length;
        if (size > maxFileSize) throw new RpcError(status.RESOURCE_EXHAUSTED, `more than ${maxFileSize} bytes`);
        hash.update(content.value);
      }
    }
    // The loop ends only after a true end of the stream; a client that cancels or is lost does not come here.
    if (expected !== undefined && expected !== BigInt(size)) {
      throw new RpcError(status.DATA_LOSS, `${expected} bytes announced, ${size} received`);
    }
    await call.sendAndClose({ fileId: randomUUID(), size: BigInt(size), sha256: hash.digest("hex") });
  },

  async *chat(call) {
    for await (const { user, message } of call) {
      yield { user: "server", message: `${user} said: ${message}`, timestamp: BigInt(Date.now()) };
    }
  },
});

const { address } = await server.listen(process.argv[2] ?? "127.0.0.1:50051");
console.log(`listening on ${address}`);

process.once("SIGTERM", async () => {
  updates.close();
  await server.shutdown({ graceMs: 1_000 });
});
