import { setTimeout as delay } from "node:timers/promises";
import { type ClientWriter, type Metadata, status } from "gen-stubs-runtime";
import { ErrorInfoSchema } from "gen-stubs-runtime/errors";
import { DataServiceClient } from "../../gen/data_grpc.js";
import { bigTimestamp, fill, sha256 } from "../content.js";
import type { Case } from "./case.js";
import { expectCode, expectEqual } from "./expect.js";

type Chunk = Parameters<ReturnType<DataServiceClient["uploadFile"]>["send"]>[0];

function metadataChunk(fileName: string, size = 0): Chunk {
  return { content: { case: "metadata", value: { fileName, size: BigInt(size) } } };
}

function dataChunk(value: Uint8Array): Chunk {
  return { content: { case: "data", value } };
}

/** Sends until the stream says that the call is over. */
async function pushUntilOver<Out>(upload: ClientWriter<Chunk, Out>): Promise<boolean> {
  for (let i = 0; i < 100_000; i++) if (!(await upload.send(dataChunk(fill(1000))))) return false;
  throw new Error("the server did not end the call");
}

export const dataCases: Record<string, Case> = {
  async "data.get"(channel, options) {
    const item = await new DataServiceClient(channel).getData({ id: "a-1" }, options);
    expectEqual("name", item.name, "Item a-1");
    expectEqual("timestamp", item.timestamp, bigTimestamp);
    expectEqual("attribute", item.attributes["größe"], "☕");
    expectEqual("value", item.points[1]?.value, -2.5e300);
    expectEqual("point timestamp", item.points[1]?.timestamp, -1n);
    expectEqual("label", item.points[0]?.labels[0]?.key, "unit");
  },

  async "data.get_missing"(channel, options) {
    const error = await expectCode(
      status.NOT_FOUND,
      new DataServiceClient(channel).getData({ id: "missing" }, options),
    );
    expectEqual("details", error.details, "no item missing");
  },

  async "data.get_details"(channel, options) {
    const call = new DataServiceClient(channel).getData({ id: "details" }, options);
    const error = await expectCode(status.NOT_FOUND, call);
    expectEqual("details", error.details, "größe verloren ☕");
    const [info] = error.findDetails(ErrorInfoSchema);
    expectEqual("reason", [info?.reason, info?.metadata], ["NO_ITEM", { id: "details" }]);
  },

  async "data.get_deadline"(channel, options) {
    const call = new DataServiceClient(channel).getData({ id: "slow" }, { ...options, timeoutMs: 300 });
    await expectCode(status.DEADLINE_EXCEEDED, call);
  },

  async "data.metadata"(channel, options) {
    const bytes = Buffer.from([0, 1, 2, 250, 255, 10]);
    const metadata = { ...options.metadata, "x-client": ["one", "two"], "x-client-bin": bytes };
    const got: Metadata[] = [];
    const onHeader = (header: Metadata) => void got.push(header);
    await new DataServiceClient(channel).getData({ id: "metadata" }, { ...options, metadata, onHeader });
    // Repeated keys may travel as one value, "one, two".
    const echoed = got.flatMap((header) => header.get("x-echo")).flatMap((value) => String(value).split(/, */));
    expectEqual("x-echo", echoed, ["one", "two"]);
    expectEqual("x-echo-bin", got[0]?.get("x-echo-bin"), [bytes]);
  },

  async "data.large"(channel, options) {
    const item = await new DataServiceClient(channel).getData({ id: "large:3000000" }, options);
    expectEqual("name", item.name.length, 3_000_000);
  },

  // The channel or the call compresses: client.ts sees to that.
  async "data.compressed"(channel, options) {
    const item = await new DataServiceClient(channel).getData({ id: "large:100000" }, options);
    expectEqual("name", item.name, "x".repeat(100_000));
  },

  async "data.subscribe"(channel, options) {
    const request = { topics: ["count:100", "count:3"], since: bigTimestamp };
    const times: bigint[] = [];
    for await (const update of new DataServiceClient(channel).subscribeData(request, options))
      times.push(update.timestamp);
    expectEqual(
      "timestamps",
      times,
      Array.from({ length: 103 }, (_, i) => bigTimestamp + BigInt(i % 100)),
    );
  },

  async "data.subscribe_cancel"(channel, options) {
    const controller = new AbortController();
    const request = { topics: ["forever"] };
    const updates = new DataServiceClient(channel).subscribeData(request, { ...options, signal: controller.signal });
    for (let i = 0; i < 3; i++) await updates.recv();
    controller.abort();
    await expectCode(
      status.CANCELLED,
      (async () => {
        for await (const _ of updates);
      })(),
    );
  },

  async "data.upload"(channel, options) {
    const [size, step] = [5_000_000, 65536];
    const upload = new DataServiceClient(channel).uploadFile(options);
    await upload.send(metadataChunk("big.bin", size));
    for (let offset = 0; offset < size; offset += step) {
      await upload.send(dataChunk(fill(Math.min(step, size - offset), offset)));
    }
    const response = await upload.closeAndRecv();
    expectEqual("response", [response.fileId, response.size], ["big.bin", BigInt(size)]);
    expectEqual("sha256", response.sha256, sha256(fill(size)));
  },

  // One message, larger than any window.
  async "data.upload_large"(channel, options) {
    const upload = new DataServiceClient(channel).uploadFile(options);
    await upload.send(metadataChunk("big.bin"));
    await upload.send(dataChunk(fill(3_000_000)));
    expectEqual("sha256", (await upload.closeAndRecv()).sha256, sha256(fill(3_000_000)));
  },

  async "data.upload_empty"(channel, options) {
    const response = await new DataServiceClient(channel).uploadFile(options).closeAndRecv();
    expectEqual("sha256", response.sha256, sha256(new Uint8Array()));
  },

  async "data.upload_cancel"(channel, options) {
    const upload = new DataServiceClient(channel).uploadFile(options);
    await upload.send(metadataChunk("cancelled"));
    await upload.send(dataChunk(fill(1000)));
    // The server has to have the call before it is cancelled.
    await delay(100);
    upload.cancel();
    await expectCode(status.CANCELLED, upload.closeAndRecv());
  },

  async "data.upload_refused"(channel, options) {
    const upload = new DataServiceClient(channel).uploadFile(options);
    await upload.send(metadataChunk("refuse"));
    // P8: a send after the call has failed rejects with its status.
    const error = await expectCode(status.PERMISSION_DENIED, pushUntilOver(upload));
    expectEqual("details", error.details, "not this file");
    await expectCode(status.PERMISSION_DENIED, upload.closeAndRecv());
  },

  // P15: the server answers while we still send.
  async "data.upload_early"(channel, options) {
    const upload = new DataServiceClient(channel).uploadFile(options);
    await upload.send(metadataChunk("early"));
    expectEqual("send after the end", await pushUntilOver(upload), false);
    expectEqual("file id", (await upload.closeAndRecv()).fileId, "early");
  },

  async "data.chat"(channel, options) {
    const chat = new DataServiceClient(channel).chat(options);
    for (let i = 0; i < 50; i++) {
      await chat.send({ user: "ours", message: `message ${i}`, timestamp: BigInt(i) });
      const reply = await chat.recv();
      expectEqual("reply", [reply?.message, reply?.timestamp], [`echo: message ${i}`, BigInt(i + 1)]);
    }
    await chat.closeSend();
    expectEqual("rest", await chat.recv(), undefined);
  },

  async "data.chat_status"(channel, options) {
    const chat = new DataServiceClient(channel).chat(options);
    await chat.send({ message: "hello" });
    await chat.send({ message: "boom" });
    expectEqual("reply", (await chat.recv())?.message, "echo: hello");
    const error = await expectCode(status.ABORTED, chat.recv());
    expectEqual("details", error.details, "boom it is");
  },

  // Leaving the block cancels what is open.
  async "data.chat_cancel"(channel, options) {
    let ended: Promise<{ code: status }>;
    {
      await using chat = new DataServiceClient(channel).chat(options);
      ended = chat.status;
      await chat.send({ message: "hello" });
      await chat.recv();
    }
    expectEqual("status", (await ended).code, status.CANCELLED);
  },

  async "data.chat_server_ends"(channel, options) {
    const chat = new DataServiceClient(channel).chat(options);
    await chat.send({ message: "bye" });
    expectEqual("rest", await chat.recv(), undefined);
    expectEqual("send after the end", await chat.send({ message: "late" }), false);
  },

  // A call that is open goes on while its server shuts down; no new one is taken.
  async "data.shutdown"(channel, options) {
    const client = new DataServiceClient(channel);
    const chat = client.chat(options);
    for (const message of ["shutdown", "after"]) {
      await chat.send({ message });
      expectEqual("reply", (await chat.recv())?.message, `echo: ${message}`);
      // The server's GOAWAY has come by then.
      await delay(200);
    }
    await chat.closeSend();
    expectEqual("rest", await chat.recv(), undefined);
    await expectCode(status.UNAVAILABLE, client.getData({ id: "late" }, { ...options, timeoutMs: 5000 }));
  },
};
