import { expect } from "vitest";
import { contract } from "./harness/harness.js";
import { answer, frame } from "./harness/raw-server.js";

const LONG = "to be or not to be; ".repeat(5_000);

contract("compression", (keeps) => {
  for (const compression of ["gzip", "deflate", "identity"] as const) {
    keeps(`compression: ${compression} arrives as it was`, async ({ start }) => {
      const { client } = await start({
        greet: (request) => request,
        async chat(call) {
          for await (const note of call) await call.send(note);
        },
      });
      expect((await client.greet({ value: LONG }, { compression })).value).toBe(LONG);
      await using chat = client.chat({ compression });
      for (const value of ["", "short", LONG]) {
        await chat.send({ value });
        expect((await chat.recv())?.value).toBe(value);
      }
    });
  }

  keeps(
    "compression: what is sent names its encoding",
    async ({ against }) => {
      const seen: unknown[] = [];
      const client = await against((stream, headers) => {
        seen.push(headers["grpc-encoding"] ?? "identity");
        answer(stream, frame(new Uint8Array(0)), { "grpc-status": 0 });
      });
      await client.greet({ value: LONG }, { compression: "gzip" });
      await client.greet({ value: LONG });
      await client.greet({ value: LONG }, { compression: "deflate" });
      expect(seen).toEqual(["gzip", "identity", "deflate"]);
    },
    "port",
  );
});
