import { expect } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import { RpcError, status } from "../../src/runtime/index.js";
import { kill, rawPeer } from "./harness/child.js";
import { contract, readAll } from "./harness/harness.js";
import { answer, bytesFrame, GRPC_HEADERS } from "./harness/raw-server.js";

const chunk = { value: new Uint8Array([7]) };
const CODES = Array.from({ length: 16 }, (_, i) => i + 1);

contract("P6", (keeps) => {
  keeps("P6 a cancelled upload is an error to the server's loop, not an end", async ({ start }) => {
    const outcome = new Deferred<unknown>();
    const begun = new Deferred<void>();
    const { client } = await start({
      async upload(call) {
        await call.recv();
        begun.resolve();
        const { error } = await readAll(call);
        outcome.resolve(error ?? "a clean end");
        await call.sendAndClose({ value: 1 });
      },
    });
    const upload = client.upload();
    await upload.send(chunk);
    await begun.promise;
    upload.cancel();
    expect(await outcome.promise).toMatchObject({ code: status.CANCELLED });
  });

  keeps(
    "P6 a truncated message followed by OK trailers is an error",
    async ({ against }) => {
      const client = await against((stream) => {
        const whole = bytesFrame(new Uint8Array(100));
        answer(stream, Buffer.concat([whole, whole.subarray(0, 50)]), { "grpc-status": 0 });
      });
      const { messages, error } = await readAll(client.download({ value: 0 }));
      expect(messages.length).toBe(1);
      expect(CODES).toContain(error?.code);
    },
    "port",
  );

  keeps(
    "P6 a stream that ends without trailers is an error",
    async ({ against }) => {
      const client = await against((stream) => {
        stream.respond(GRPC_HEADERS);
        stream.end(bytesFrame(chunk.value));
      });
      const { error } = await readAll(client.download({ value: 0 }));
      expect(error).toBeInstanceOf(RpcError);
      expect(CODES).toContain(error?.code);
    },
    "port",
  );

  keeps(
    "P6 a reset stream is an error",
    async ({ against }) => {
      const client = await against((stream) => {
        stream.respond(GRPC_HEADERS);
        stream.write(bytesFrame(chunk.value), () => setTimeout(() => stream.close(2), 20));
      });
      const { messages, error } = await readAll(client.download({ value: 0 }));
      expect(messages.length).toBe(1);
      expect(error).toMatchObject({ code: status.INTERNAL });
    },
    "port",
  );

  keeps(
    "P6 a killed server is UNAVAILABLE to the client, after what had arrived",
    async ({ connect }) => {
      const { child, line } = await rawPeer("serve");
      const reader = connect(Number(line)).download({ value: 0 });
      for (let i = 0; i < 3; i++) expect((await reader.recv())?.value).toEqual(chunk.value);
      await kill(child);
      await expect(reader.recv()).rejects.toMatchObject({ code: status.UNAVAILABLE });
    },
    "port",
  );

  keeps(
    "P6 a killed client is an error to the server's loop",
    async ({ start }) => {
      const outcome = new Deferred<unknown>();
      const aborted = new Deferred<unknown>();
      const { port } = await start({
        async upload(call) {
          call.signal.addEventListener("abort", () => aborted.resolve(call.signal.reason));
          const { messages, error } = await readAll(call);
          outcome.resolve({ count: messages.length, code: error?.code });
        },
      });
      const { child } = await rawPeer("upload", String(port));
      await kill(child);
      expect(await outcome.promise).toEqual({ count: 3, code: status.CANCELLED });
      expect(await aborted.promise).toMatchObject({ code: status.CANCELLED });
    },
    "port",
  );
});
