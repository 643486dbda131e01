import { gzipSync } from "node:zlib";
import { expect } from "vitest";
import { status } from "../../src/runtime/index.js";
import { contract, rejection } from "./harness/harness.js";
import { frame, GRPC_HEADERS } from "./harness/raw-server.js";

const FOUR_MIB = 4 * 1024 * 1024;

contract("P12", (keeps) => {
  keeps("P12 a message of 4 MiB passes, and one above is refused, by the client", async ({ start }) => {
    const { client } = await start({
      download: async ({ value }, call) => void (await call.send({ value: new Uint8Array(value) })),
    });
    expect((await client.download({ value: FOUR_MIB - 5 }).recv())?.value.length).toBe(FOUR_MIB - 5);
    expect((await rejection(client.download({ value: FOUR_MIB + 1 }).recv())).code).toBe(status.RESOURCE_EXHAUSTED);
  });

  keeps("P12 a message above 4 MiB is refused by the server", async ({ start }) => {
    let got = 0;
    const { client } = await start({
      async upload(call) {
        for await (const _ of call) got++;
        await call.sendAndClose({ value: got });
      },
    });
    const upload = client.upload();
    upload.send({ value: new Uint8Array(FOUR_MIB + 1) });
    expect((await rejection(upload.closeAndRecv())).code).toBe(status.RESOURCE_EXHAUSTED);
    expect(got).toBe(0);
  });

  keeps(
    "P12 a compressed message is measured by its inflated size",
    async ({ against }) => {
      const client = await against((stream) => {
        stream.respond({ ...GRPC_HEADERS, "grpc-encoding": "gzip" });
        stream.write(frame(gzipSync(Buffer.alloc(64 * 1024 * 1024)), 1));
      });
      expect((await rejection(client.download({ value: 0 }).recv())).code).toBe(status.RESOURCE_EXHAUSTED);
    },
    "port",
  );

  keeps(
    "P12 a length prefix of 4 GiB is refused before the message comes",
    async ({ against }) => {
      const client = await against((stream) => {
        stream.respond(GRPC_HEADERS);
        stream.write(Buffer.from([0, 255, 255, 255, 255, 1, 2, 3]));
      });
      expect((await rejection(client.download({ value: 0 }).recv())).code).toBe(status.RESOURCE_EXHAUSTED);
    },
    "port",
  );
});
