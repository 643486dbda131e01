import { gzipSync } from "node:zlib";
import { beforeAll, expect } from "vitest";
import {
  type CallConnection,
  type ClientInterceptor,
  RpcError,
  type ServerCall,
  type ServerInterceptor,
  status,
} from "../../src/runtime/index.js";
import { certificates, type Pair } from "../support/certificates.js";
import { contract, rejection } from "./harness/harness.js";
import { frame, GRPC_HEADERS } from "./harness/raw-server.js";

let ca: string;
let server: Pair;
let client: Pair;
beforeAll(async () => {
  ({ ca, server, client } = await certificates());
});

/** Whether Node, that is our own transport, tells more of TLS than grpc-js does. */
const tellsAll = (connection: CallConnection | undefined): boolean => connection?.tls?.cipher !== undefined;

const LONG = "to be or not to be; ".repeat(500);

contract("connection", (keeps) => {
  keeps("connection: calls of every kind name peer and authority, without TLS", async ({ start }) => {
    const seen: CallConnection[] = [];
    const see = (call: ServerCall): void => {
      expect(call.connection.peer).toBe(call.peer);
      seen.push(call.connection);
    };
    const { client, port, channel } = await start({
      greet(request, call) {
        see(call);
        return request;
      },
      async download(_, call) {
        see(call);
        await call.send({ value: new Uint8Array(1) });
      },
      async upload(call) {
        see(call);
        return { value: 1 };
      },
      async *chat(call) {
        see(call);
        yield { value: "hi" };
      },
    });
    const heard: (CallConnection | undefined)[] = [];
    const note: ClientInterceptor = async (call, next) => {
      await next();
      heard.push(call.connection);
    };
    await client.greet({ value: "" }, { interceptors: [note] });
    const download = client.download({ value: 0 });
    for await (const _ of download) heard.push(download.connection);
    const upload = client.upload();
    await upload.closeAndRecv();
    heard.push(upload.connection);
    const chat = client.chat();
    for await (const _ of chat) heard.push(chat.connection);
    await chat.status;
    // Where the client went may be a relay's port.
    const authority = port === undefined ? "in-process" : (channel.origin?.authority ?? `127.0.0.1:${port}`);
    expect(seen).toHaveLength(4);
    for (const { authority: called, tls } of seen) expect([called, tls]).toEqual([authority, undefined]);
    expect(heard).toHaveLength(4);
    for (const one of heard) {
      expect(one?.peer).toBe(authority);
      expect([authority, undefined]).toContain(one?.authority); // grpc-js's client does not tell
      expect(one?.tls).toBeUndefined();
    }
  });

  keeps(
    "connection: an mTLS server authorises by the client's certificate, in a handler and in an interceptor",
    async ({ startTls }) => {
      const authorise = (call: ServerCall): void => {
        const { tls } = call.connection;
        if (tls?.authorized !== true || tls.certificate?.subject !== "CN=client") {
          throw new RpcError(status.PERMISSION_DENIED, `not for ${tls?.certificate?.subject}`);
        }
        if (tellsAll(call.connection)) {
          expect(tls).toMatchObject({ alpn: "h2", protocol: "TLSv1.3", authorizationError: undefined });
          expect(tls.cipher).toMatch(/^TLS_/);
        }
      };
      const guard: ServerInterceptor = async (call, next) => {
        authorise(call);
        await next();
      };
      const greeter = {
        greet(request: { value: string }, call: ServerCall) {
          authorise(call);
          return { value: `hello ${request.value}` };
        },
      };
      const mutual = { ...server, ca, requestCert: true };
      for (const interceptors of [[], [guard]]) {
        const known = await startTls(greeter, { server: mutual, client: { ca, ...client } }, { interceptors });
        expect((await known.greet({ value: "Ada" })).value).toBe("hello Ada");
        // Signed by the same authority, but for somebody else.
        const other = await startTls(greeter, { server: mutual, client: { ca, ...server } }, { interceptors });
        const error = await rejection(other.greet({ value: "Eve" }));
        expect([error.code, error.details]).toEqual([status.PERMISSION_DENIED, "not for CN=server"]);
      }
    },
    "port",
  );

  keeps(
    "connection: a client sees the server's certificate",
    async ({ startTls }) => {
      const trial = await startTls({ chat: async () => {} }, { server, client: { ca } });
      const chat = trial.chat();
      await chat.status;
      expect(chat.connection?.tls?.certificate?.subject).toBe("CN=server");
      expect(chat.connection?.tls?.authorized).toBe(true);
    },
    "port",
  );

  keeps("connection: `compressed` tells of the message that was read last, on both sides", async ({ start }) => {
    const seen: (boolean | undefined)[] = [];
    const { client } = await start({
      greet(request, call) {
        seen.push(call.compressed);
        return request;
      },
      async upload(call) {
        seen.push(call.compressed);
        for await (const _ of call) seen.push(call.compressed);
        return { value: 1 };
      },
    });
    for (const compression of ["gzip", "identity"] as const) {
      await client.greet({ value: LONG }, { compression });
      const upload = client.upload({ compression });
      await upload.send({ value: Buffer.from(LONG) });
      await upload.closeAndRecv();
    }
    // grpc-js inflates without a word.
    const unknown = seen.every((one) => one === undefined);
    if (!unknown) expect(seen).toEqual([true, undefined, true, false, undefined, false]);
    expect(seen).toHaveLength(6);
  });

  keeps(
    "connection: `compressed` follows messages of both sorts in one stream",
    async ({ against }) => {
      const plain = Uint8Array.from([10, 1, 65]);
      const zipped = gzipSync(plain);
      const trial = await against((stream) => {
        stream.respond({ ...GRPC_HEADERS, "grpc-encoding": "gzip" }, { waitForTrailers: true });
        stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": 0 }));
        stream.end(Buffer.concat([frame(plain), frame(zipped, 1), frame(zipped, 1), frame(plain)]));
      });
      const call = trial.download({ value: 0 });
      const seen: (boolean | undefined)[] = [];
      for await (const _ of call) seen.push(call.compressed);
      expect(seen).toHaveLength(4);
      if (seen.some((one) => one !== undefined)) expect(seen).toEqual([false, true, true, false]);
    },
    "port",
  );
});
