import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentials, Server as GrpcServer } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { BalancingOptions } from "../../src/runtime/channel/options.js";
import { addToGrpcJs, grpcJsChannel, grpcJsTransport } from "../../src/runtime/grpc-js.js";
import { inProcess } from "../../src/runtime/in-process.js";
import {
  type Channel,
  type ConnectOptions,
  connect,
  type Http2ServerOptions,
  http2Transport,
  Metadata,
  Server,
  status,
} from "../../src/runtime/index.js";
import { nodeCompressor } from "../../src/runtime/platform/node/compressor.js";
import { nodeEnvironment } from "../../src/runtime/platform/node/environment.js";
import type { ServiceConfigOptions } from "../../src/runtime/service-config-option.js";
import { resolveChannelOptions } from "../../src/runtime/transport/grpc-h2/client/channel-options.js";
import type { DialOptions } from "../../src/runtime/transport/grpc-h2/client/dial-options.js";
import { resolveServerOptions } from "../../src/runtime/transport/grpc-h2/server/server-options.js";
import { certificates } from "../support/certificates.js";
import { rejection } from "./harness/harness.js";
import { TrialClient, TrialService, withDefaults } from "./harness/trial-service.js";

const platform = { environment: nodeEnvironment, compressor: nodeCompressor };

/** Says what it was asked and by whom, and answers with the metadata it is asked for. */
const handlers = withDefaults({
  greet({ value }, call) {
    const [agent, token] = [call.metadata.get("user-agent"), call.metadata.get("authorization")];
    for (let i = 0; i < Number(value); i++) call.trailer.set(`x-${i}`, "v".repeat(100));
    return { value: `${agent} ${token}` };
  },
});

/** How an option of a channel shows: what a call of one pair of 100 bytes and a greeting of 7 bytes comes to. */
interface Arrives {
  readonly given: ConnectOptions;
  readonly pairs?: number;
  readonly seen: RegExp;
}

const CHANNEL_OPTIONS: Readonly<Record<string, Arrives>> = {
  maxSendMessageBytes: { given: { maxSendMessageBytes: 2 }, seen: /^\[RESOURCE_EXHAUSTED\].*\b2\b/ },
  maxReceiveMessageBytes: { given: { maxReceiveMessageBytes: 3 }, seen: /^\[RESOURCE_EXHAUSTED\].*\b3\b/ },
  maxMetadataBytes: { given: { maxMetadataBytes: 400 }, pairs: 5, seen: /^\[RESOURCE_EXHAUSTED\].*\b400\b/ },
  maxMetadataPairs: { given: { maxMetadataPairs: 4 }, pairs: 9, seen: /^\[RESOURCE_EXHAUSTED\]/ },
  userAgent: { given: { userAgent: "trial/7" }, seen: /^trial\/7 gen-stubs-runtime/ },
  credentials: {
    given: { credentials: () => ({ authorization: "Bearer t" }), credentialsOverPlainText: true },
    seen: /Bearer t$/,
  },
  interceptors: {
    given: {
      interceptors: [
        async (call, next) => {
          call.metadata.set("authorization", "mine");
          await next();
        },
      ],
    },
    seen: /mine$/,
  },
  serviceConfig: {
    given: { serviceConfig: { methodConfig: [{ name: [{}], maxRequestMessageBytes: 2 }] } },
    seen: /^\[RESOURCE_EXHAUSTED\].*\b2\b.*maxRequestMessageBytes/,
  },
};

async function outcome(channel: Channel, value: string): Promise<string> {
  onTestFinished(() => channel.close());
  return await new TrialClient(channel).greet({ value }).then(
    (answer) => answer.value,
    (error: Error) => error.message,
  );
}

/** Options of what stands around an HTTP/2 channel. */
const AROUND = { credentials: true, credentialsOverPlainText: true, interceptors: true };

/** Where a channel may go, each with a server behind it. */
const TARGETS = ["http:", "dns:", "unix:", "in-process"] as const;

describe("P17 channels over http2", () => {
  const server = new Server().add(TrialService, handlers);
  const path = join(mkdtempSync(join(tmpdir(), "p17-")), "socket");
  let port = 0;
  beforeAll(async () => {
    ({ port } = await server.listen("127.0.0.1:0"));
    await server.listen(`unix:${path}`);
  });
  afterAll(() => server.shutdown());
  const open = (target: (typeof TARGETS)[number], options: ConnectOptions): Channel => {
    if (target === "in-process") {
      const { credentialsOverPlainText: _, ...others } = options; // nobody listens there
      return inProcess(new Server().add(TrialService, handlers), others);
    }
    if (target === "unix:") return connect(`unix:${path}`, options);
    return connect(target === "dns:" ? `dns:127.0.0.1:${port}` : `http://127.0.0.1:${port}`, options);
  };

  describe.each(TARGETS.map((target) => [target, target === "in-process" ? target : "http2"] as const))(
    "P17 %s over %s",
    (target) => {
      test.each(Object.entries(CHANNEL_OPTIONS))(`P17 ${target} %s arrives`, async (_, { given, pairs = 0, seen }) => {
        expect(await outcome(open(target, given), String(pairs))).toMatch(seen);
      });

      test(`P17 ${target} an option that nobody knows is named`, () => {
        const unknown: object = { maxRecieveMessageBytes: 1 };
        expect(() => open(target, unknown)).toThrow(/^.*no option "maxRecieveMessageBytes".*$/);
      });
    },
  );

  test.each(["http:", "dns:", "unix:"] as const)("P17 %s credentials are not sent in plain text", async (target) => {
    const channel = open(target, { credentials: () => ({ authorization: "Bearer t" }) });
    expect(await outcome(channel, "0")).toMatch(/^\[UNAUTHENTICATED\]/);
  });

  describe("P17 tls over in-process", () => {
    test.each(["tls", "proxy", "createConnection"])("P17 %s has no place within the process, and says so", (name) => {
      const options: object = { [name]: {} };
      expect(() => inProcess(server, options)).toThrow(TypeError);
      expect(() => inProcess(server, options)).toThrow(name);
    });
  });

  test("P17 every option of a channel has its place", () => {
    const given = {
      maxReceiveMessageBytes: 1,
      maxSendMessageBytes: 2,
      maxMetadataBytes: 3,
      maxMetadataPairs: 4,
      streamWindowBytes: 5,
      maxUnreadBytes: 6,
      initialBackoffMs: 7,
      maxBackoffMs: 8,
      authority: "a",
      userAgent: "u",
      connectTimeoutMs: 9,
      keepaliveTimeMs: 10,
      keepaliveTimeoutMs: 11,
      keepaliveWithoutCalls: true,
      maxStreamsPerConnection: 12,
      maxConnections: 13,
      clientIdleTimeoutMs: 14,
    } satisfies Required<
      Omit<
        ConnectOptions,
        keyof DialOptions | keyof ServiceConfigOptions | keyof BalancingOptions | keyof typeof AROUND
      >
    >;
    expect(resolveChannelOptions(given, platform)).toMatchObject({ ...given, userAgent: expect.stringMatching(/^u /) });
  });
});

/** How an option of a server shows to the same calls. */
const SERVER_OPTIONS: Readonly<Record<string, { given: Http2ServerOptions; pairs?: number; seen: RegExp }>> = {
  maxReceiveMessageBytes: { given: { maxReceiveMessageBytes: 2 }, seen: /^\[RESOURCE_EXHAUSTED\].*\b2\b/ },
  maxSendMessageBytes: { given: { maxSendMessageBytes: 2 }, seen: /^\[RESOURCE_EXHAUSTED\].*\b2\b/ },
  maxMetadataBytes: { given: { maxMetadataBytes: 400 }, pairs: 5, seen: /^\[RESOURCE_EXHAUSTED\].*\b400\b/ },
  maxMetadataPairs: { given: { maxMetadataPairs: 5 }, seen: /^\[RESOURCE_EXHAUSTED\]/ },
};

describe("P17 servers over http2", () => {
  test.each(Object.entries(SERVER_OPTIONS))("P17 http2Transport: %s arrives", async (_, { given, pairs = 0, seen }) => {
    const server = new Server({ transport: http2Transport(given) }).add(TrialService, handlers);
    onTestFinished(() => server.shutdown());
    const { port } = await server.listen("127.0.0.1:0");
    expect(await outcome(connect(`http://127.0.0.1:${port}`), String(pairs).padStart(3, "0"))).toMatch(seen);
  });

  test("P17 every option of a server has its place", () => {
    const given = {
      maxReceiveMessageBytes: 1,
      maxSendMessageBytes: 2,
      maxMetadataBytes: 3,
      maxMetadataPairs: 4,
      streamWindowBytes: 5,
      maxUnreadBytes: 6,
      compression: "gzip",
      highWaterMark: 7,
      maxUnsentBytes: 8,
      maxConcurrentStreams: 9,
      maxConnections: 10,
      maxConnectionAgeMs: 11,
      maxConnectionAgeGraceMs: 12,
      maxConnectionIdleMs: 13,
      handshakeTimeoutMs: 14,
      keepaliveTimeMs: 15,
      keepaliveTimeoutMs: 16,
      permitKeepaliveTimeMs: 17,
      maxControlFramesPerSecond: 18,
      maxResetsPerSecond: 19,
      maxEmptyFramesPerSecond: 20,
      maxStrayFramesPerSecond: 21,
      maxHeaderBlockBytes: 22,
      maxContinuationFrames: 23,
      maxControlBacklogBytes: 24,
      maxWriteBacklogBytes: 25,
    } satisfies Required<Http2ServerOptions>;
    expect(resolveServerOptions(given, platform)).toMatchObject(given);
  });

  test("P17 an option that nobody knows is named, wherever it is given", async () => {
    const unknown: object = { maxRecieveMessageBytes: 1 };
    const server = new Server();
    onTestFinished(() => server.shutdown());
    const named = 'no option "maxRecieveMessageBytes"';
    expect(() => new Server(unknown)).toThrow(named);
    await expect(server.listen("127.0.0.1:0", unknown)).rejects.toThrow(named);
    await expect(new Server({ transport: http2Transport(unknown) }).listen("127.0.0.1:0")).rejects.toThrow(named);
    expect(() => inProcess(server, { server: unknown })).toThrow(named);
    expect(() => grpcJsTransport(unknown)).toThrow(named);
    expect(() => grpcJsChannel("localhost:1", credentials.createInsecure(), unknown)).toThrow(named);
    expect(() => addToGrpcJs(new GrpcServer(), TrialService, handlers, unknown)).toThrow(named);
  });
});

describe("P17 servers over in-process", () => {
  test.each(Object.entries(SERVER_OPTIONS))(
    "P17 inProcess: server.%s arrives",
    async (_, { given, pairs = 0, seen }) => {
      const channel = inProcess(new Server().add(TrialService, handlers), { server: given });
      expect(await outcome(channel, String(pairs).padStart(3, "0"))).toMatch(seen);
    },
  );

  test("P17 an interceptor of the server runs in the process too", async () => {
    const server = new Server({
      interceptors: [
        async (call, next) => {
          call.trailer.merge(Metadata.from(call.metadata));
          await next();
        },
      ],
    }).add(TrialService, handlers);
    const channel = inProcess(server);
    onTestFinished(() => channel.close());
    let seen: unknown;
    const client = new TrialClient(channel);
    await client.greet(
      { value: "" },
      { metadata: { "x-a": "1" }, onTrailer: (trailer) => (seen = trailer.get("x-a")) },
    );
    expect(seen).toEqual(["1"]);
    expect((await rejection(client.upload().closeAndRecv())).code).toBe(status.UNIMPLEMENTED);
  });
});

describe("P17 servers over grpc-js", () => {
  test("P17 grpc-js: its own options arrive", async () => {
    const server = new Server({ transport: grpcJsTransport({ "grpc.max_receive_message_length": 2 }) });
    onTestFinished(() => server.shutdown());
    const { port } = await server.add(TrialService, handlers).listen("127.0.0.1:0");
    const channel = grpcJsChannel(`127.0.0.1:${port}`, credentials.createInsecure());
    expect(await outcome(channel, "000")).toMatch(/^\[RESOURCE_EXHAUSTED\]/);
    const narrow = grpcJsChannel(`127.0.0.1:${port}`, credentials.createInsecure(), {
      "grpc.max_send_message_length": 1,
    });
    expect(await outcome(narrow, "")).toMatch(/^undefined|^grpc-node/);
    expect(await outcome(narrow, "0")).toMatch(/^\[RESOURCE_EXHAUSTED\]/);
  });

  test("P17 a TLS option that grpc-js has no place for is named", async () => {
    const { server: pair } = await certificates();
    const server = new Server({ transport: grpcJsTransport() }).add(TrialService, handlers);
    onTestFinished(() => server.shutdown());
    const listening = server.listen("127.0.0.1:0", { tls: { ...pair, minVersion: "TLSv1.3" } });
    await expect(listening).rejects.toThrow("tls.minVersion");
    expect((await server.listen("127.0.0.1:0", { tls: pair })).port).toBeGreaterThan(0);
  });
});
