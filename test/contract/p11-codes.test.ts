import { expect, onTestFinished } from "vitest";
import { status } from "../../src/runtime/index.js";
import { contract, rejection } from "./harness/harness.js";
import { frameServer, reset, respond } from "./harness/raw-frames.js";
import { answer, bytesFrame, frame } from "./harness/raw-server.js";

/** https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md */
const HTTP: readonly (readonly [number, status])[] = [
  [400, status.INTERNAL],
  [401, status.UNAUTHENTICATED],
  [403, status.PERMISSION_DENIED],
  [404, status.UNIMPLEMENTED],
  [429, status.UNAVAILABLE],
  [502, status.UNAVAILABLE],
  [503, status.UNAVAILABLE],
  [504, status.UNAVAILABLE],
  [418, status.UNKNOWN],
  [500, status.UNKNOWN],
];

/** https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#errors */
const RESET: readonly (readonly [number, status])[] = [
  [0, status.INTERNAL],
  [1, status.INTERNAL],
  [2, status.INTERNAL],
  [7, status.UNAVAILABLE],
  [8, status.CANCELLED],
  [11, status.RESOURCE_EXHAUSTED],
  [12, status.PERMISSION_DENIED],
];

/** Ends a call that would wait for ever, with another code than the one that is asked for; far beyond what a busy machine needs. */
const HANG_GUARD = { timeoutMs: 30_000 };

/** So many messages that every type of the trial service can read. */
function frames(count: number): Buffer {
  return Buffer.concat(Array.from({ length: count }, () => frame(new Uint8Array(0))));
}

contract("P11", (keeps) => {
  keeps("P11 an unknown method is UNIMPLEMENTED", async ({ start }) => {
    const { client } = await start({});
    expect((await rejection(client.greet({ value: "" }))).code).toBe(status.UNIMPLEMENTED);
  });

  for (const sent of ["99", "-1", "5.5", "text", "17"]) {
    keeps(
      `P11 grpc-status ${sent} is UNKNOWN`,
      async ({ against }) => {
        const client = await against((stream) => answer(stream, Buffer.alloc(0), { "grpc-status": sent }));
        const error = await rejection(client.greet({ value: "" }));
        expect(error.code).toBe(status.UNKNOWN);
        expect(error.message.startsWith("[UNKNOWN]")).toBe(true);
      },
      "port",
    );
  }

  keeps(
    "P11 trailers without grpc-status are UNKNOWN",
    async ({ against }) => {
      const client = await against((stream) => answer(stream, bytesFrame(new Uint8Array(1)), { "x-other": "1" }));
      expect((await rejection(client.greet({ value: "" }))).code).toBe(status.UNKNOWN);
    },
    "port",
  );

  for (const [http, code] of HTTP) {
    keeps(
      `P11 HTTP ${http} is ${status[code]}`,
      async ({ against }) => {
        const client = await against((stream) => {
          stream.respond({ ":status": http, "content-type": "text/html" });
          stream.end("<html>no gRPC here</html>");
        });
        expect((await rejection(client.greet({ value: "" }))).code).toBe(code);
      },
      "port",
    );
  }

  for (const [number, code] of RESET) {
    keeps(
      `P11 RST_STREAM ${number} is ${status[code]}`,
      async ({ connect }) => {
        const server = await frameServer((send) => {
          respond(send);
          reset(send, number);
        });
        onTestFinished(server.close);
        const client = connect(server.port);
        expect((await rejection(client.download({ value: 0 }).recv())).code).toBe(code);
      },
      "port",
    );
  }

  for (const [name, count] of [
    ["no response", 0],
    ["a second response", 2],
  ] as const) {
    keeps(
      `P11 ${name} to a unary call is UNIMPLEMENTED`,
      async ({ against }) => {
        const client = await against((stream) => answer(stream, frames(count), { "grpc-status": 0 }));
        expect((await rejection(client.greet({ value: "" }, HANG_GUARD))).code).toBe(status.UNIMPLEMENTED);
      },
      "port",
    );
    keeps(
      `P11 ${name} to a client stream is UNIMPLEMENTED`,
      async ({ against }) => {
        const client = await against((stream) => answer(stream, frames(count), { "grpc-status": 0 }));
        const upload = client.upload(HANG_GUARD);
        expect((await rejection(upload.closeAndRecv())).code).toBe(status.UNIMPLEMENTED);
      },
      "port",
    );
  }

  keeps(
    "P11 a response that is no message is INTERNAL",
    async ({ against }) => {
      const garbage = Buffer.from([0, 0, 0, 0, 2, 0x0a, 0x7f]);
      const client = await against((stream) => answer(stream, garbage, { "grpc-status": 0 }));
      expect((await rejection(client.greet({ value: "" }))).code).toBe(status.INTERNAL);
      expect((await rejection(client.download({ value: 0 }).recv())).code).toBe(status.INTERNAL);
    },
    "port",
  );
});
