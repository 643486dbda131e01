import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { Metadata, RpcError, type ServerCall, status } from "gen-stubs-runtime";
import { ErrorInfoSchema } from "gen-stubs-runtime/errors";
import type { DataServiceHandlers } from "../../gen/data_grpc.js";
import { bigTimestamp } from "../content.js";
import { Track } from "../track.js";
import { untilOver } from "./report-handlers.js";

/** What x-client and x-client-bin said, as x-echo and x-echo-bin. */
function echo(call: ServerCall): void {
  const header = new Metadata();
  for (const value of call.metadata.get("x-client")) header.add("x-echo", value);
  for (const value of call.metadata.get("x-client-bin")) header.add("x-echo-bin", value);
  call.sendHeader(header);
}

/** Each kind in the form a program would choose: promise, async generator, reader, duplex. */
export const dataHandlers: DataServiceHandlers = {
  getData({ id }, call) {
    return new Track(call, "GetData").run(async () => {
      if (id === "missing") throw new RpcError(status.NOT_FOUND, "no item missing");
      if (id === "details") {
        const info = { reason: "NO_ITEM", domain: "interop.test", metadata: { id } };
        throw new RpcError(status.NOT_FOUND, "größe verloren ☕", { details: [[ErrorInfoSchema, info]] });
      }
      if (id === "slow") await untilOver(call.signal);
      echo(call);
      return {
        id,
        name: id.startsWith("large:") ? "x".repeat(Number(id.slice(6))) : `Item ${id}`,
        attributes: { colour: "blau", größe: "☕" },
        points: [
          { value: 0.1, timestamp: 1n, labels: [{ key: "unit", value: "m" }] },
          { value: -2.5e300, timestamp: -1n },
        ],
        timestamp: bigTimestamp,
      };
    });
  },

  async *subscribeData({ topics, since }, call) {
    const track = new Track(call, "SubscribeData");
    let failure: unknown;
    try {
      for (const topic of topics) {
        const count = topic === "forever" ? Number.POSITIVE_INFINITY : Number(topic.replace(/^count:/, ""));
        if (Number.isNaN(count)) throw new RpcError(status.INVALID_ARGUMENT, `cannot read topic ${topic}`);
        for (let i = 0; i < count; i++) {
          const timestamp = since + BigInt(i);
          yield { topic, point: { value: i, timestamp }, timestamp: bigTimestamp + BigInt(i) };
          track.sent++;
          if (topic === "forever") await delay(2);
        }
      }
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      track.end(failure);
    }
  },

  uploadFile(call) {
    const track = new Track(call, "UploadFile");
    return track.run(async () => {
      const sum = createHash("sha256");
      let size = 0n;
      let fileId = "";
      for await (const { content } of call) {
        track.received++;
        if (content.case === "metadata") {
          fileId = content.value.fileName;
          if (fileId === "refuse") throw new RpcError(status.PERMISSION_DENIED, "not this file");
          if (fileId === "early") return call.sendAndClose({ fileId });
        } else if (content.case === "data") {
          sum.update(content.value);
          size += BigInt(content.value.length);
        } else {
          throw new RpcError(status.INVALID_ARGUMENT, "an empty chunk");
        }
      }
      await call.sendAndClose({ fileId, size, sha256: sum.digest("hex") });
    });
  },

  chat(call) {
    const track = new Track(call, "Chat");
    return track.run(async () => {
      for await (const { message, timestamp } of call) {
        track.received++;
        if (message === "bye") return;
        if (message === "boom") throw new RpcError(status.ABORTED, "boom it is");
        if (message === "shutdown") process.emit("SIGTERM");
        await call.send({ user: "server", message: `echo: ${message}`, timestamp: timestamp + 1n });
        track.sent++;
      }
    });
  },
};
