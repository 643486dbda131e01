// The compressed interop cases, against raw HTTP/2: compressed.js TRANSPORT. What is compressed is looked at on the wire.
import { gunzipSync, gzipSync } from "node:zlib";
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import type { CallOptions } from "gen-stubs-runtime";
import { TestServiceClient, TestServiceService } from "../../gen/grpc/testing/test_grpc.js";
import {
  SimpleRequestSchema,
  SimpleResponseSchema,
  StreamingInputCallRequestSchema,
  StreamingInputCallResponseSchema,
  StreamingOutputCallRequestSchema,
  StreamingOutputCallResponseSchema,
} from "../../gen/grpc/testing/test_pb.js";
import { emit } from "../emit.js";
import { expectEqual } from "../guides/expect.js";
import { open, serve, type Transport } from "../transports.js";
import { type Frame, frame, rawCall, rawServer } from "./raw-http2.js";
import { TestServer } from "./test-server.js";

// The run passes one of the two.
const transport = process.argv[2] as Transport;
const response = toBinary(
  SimpleResponseSchema,
  create(SimpleResponseSchema, { payload: { body: new Uint8Array(314159) } }),
);

function plain({ compressed, body }: Frame): Buffer {
  return compressed ? gunzipSync(body) : body;
}

function simple(init: MessageInitShape<typeof SimpleRequestSchema>): Uint8Array {
  return toBinary(SimpleRequestSchema, create(SimpleRequestSchema, init));
}

/** Our client's unary call, as a raw server saw it; the raw server's answer is compressed. */
async function unary(options: CallOptions) {
  const server = await rawServer({ "grpc-encoding": "gzip" }, () => frame(gzipSync(response), true));
  const channel = open(transport, `127.0.0.1:${server.port}`, { gzip: options.compression === "gzip" });
  const request = { responseSize: 314159, payload: { body: new Uint8Array(271828) } };
  const { payload } = await new TestServiceClient(channel).unaryCall(request, options);
  await channel.close();
  server.close();
  expectEqual("response", payload?.body.length, 314159);
  return server.seen;
}

/** What our server answers to a request that comes plain, and then compressed. */
async function probed(path: string, body: Uint8Array): Promise<(string | undefined)[]> {
  const server = await serve(transport, (add) => add(TestServiceService, new TestServer()));
  const codes: (string | undefined)[] = [];
  for (const sent of [frame(body, false), frame(gzipSync(body), true)]) {
    const { headers, trailers } = await rawCall(server.port, path, { "grpc-encoding": "gzip" }, sent);
    codes.push(String(trailers["grpc-status"] ?? headers["grpc-status"]));
  }
  await server.stop();
  return codes;
}

const cases: Record<string, () => Promise<void>> = {
  async client_compressed_unary() {
    const zipped = await unary({ compression: "gzip" });
    expectEqual("encoding", zipped.headers["grpc-encoding"], "gzip");
    expectEqual(
      "compressed",
      zipped.frames.map(({ compressed }) => compressed),
      [true],
    );
    expectEqual("request", fromBinary(SimpleRequestSchema, plain(zipped.frames[0]!)).payload?.body.length, 271828);
    const unzipped = await unary({});
    expectEqual(
      "not compressed",
      unzipped.frames.map(({ compressed }) => compressed),
      [false],
    );
  },

  async client_compressed_streaming() {
    const done = toBinary(
      StreamingInputCallResponseSchema,
      create(StreamingInputCallResponseSchema, { aggregatedPayloadSize: 73086 }),
    );
    const server = await rawServer({}, () => frame(done, false));
    const channel = open(transport, `127.0.0.1:${server.port}`, { gzip: true });
    const call = new TestServiceClient(channel).streamingInputCall({ compression: "gzip" });
    for (const size of [27182, 45904]) await call.send({ payload: { body: new Uint8Array(size) } });
    expectEqual("sum", (await call.closeAndRecv()).aggregatedPayloadSize, 73086);
    await channel.close();
    server.close();
    const { frames } = await server.seen;
    const sizes = frames.map((one) => fromBinary(StreamingInputCallRequestSchema, plain(one)).payload?.body.length);
    expectEqual("requests", [frames.every(({ compressed }) => compressed), sizes], [true, [27182, 45904]]);
  },

  /** Compressed and plain messages in one stream, both of which a server must take. */
  async "server takes compressed and plain messages"() {
    const server = await serve(transport, (add) => add(TestServiceService, new TestServer()));
    const message = (size: number): Uint8Array =>
      toBinary(
        StreamingInputCallRequestSchema,
        create(StreamingInputCallRequestSchema, { payload: { body: new Uint8Array(size) } }),
      );
    const sent = Buffer.concat([frame(gzipSync(message(27182)), true), frame(message(45904), false)]);
    const path = "/grpc.testing.TestService/StreamingInputCall";
    const { frames, trailers } = await rawCall(server.port, path, { "grpc-encoding": "gzip" }, sent);
    await server.stop();
    expectEqual("status", trailers["grpc-status"], "0");
    const sum = fromBinary(StreamingInputCallResponseSchema, plain(frames[0]!)).aggregatedPayloadSize;
    expectEqual("sum", sum, 73086);
  },

  /** The probe of client_compressed_unary, as grpc-java's client makes it: a server must see whether a request came compressed. */
  async client_compressed_unary_probe() {
    const body = simple({ expectCompressed: { value: true }, responseSize: 1 });
    const codes = await probed("/grpc.testing.TestService/UnaryCall", body);
    expectEqual("INVALID_ARGUMENT for the plain one, OK for the compressed one", codes, ["3", "0"]);
  },

  async client_compressed_streaming_probe() {
    const init = { expectCompressed: { value: true }, payload: { body: new Uint8Array(27182) } };
    const body = toBinary(StreamingInputCallRequestSchema, create(StreamingInputCallRequestSchema, init));
    const codes = await probed("/grpc.testing.TestService/StreamingInputCall", body);
    expectEqual("INVALID_ARGUMENT for the plain one, OK for the compressed one", codes, ["3", "0"]);
  },

  async server_compressed_unary() {
    const server = await serve(transport, (add) => add(TestServiceService, new TestServer()), { gzip: true });
    const path = "/grpc.testing.TestService/UnaryCall";
    const sent = frame(simple({ responseSize: 314159 }), false);
    const zipped = await rawCall(server.port, path, { "grpc-accept-encoding": "identity,gzip" }, sent);
    const unzipped = await rawCall(server.port, path, {}, sent);
    await server.stop();
    expectEqual("compressed", [zipped.headers["grpc-encoding"], zipped.frames[0]?.compressed], ["gzip", true]);
    expectEqual("plain for who takes no other", unzipped.frames[0]?.compressed, false);
    for (const { frames } of [zipped, unzipped]) {
      expectEqual("size", fromBinary(SimpleResponseSchema, plain(frames[0]!)).payload?.body.length, 314159);
    }
  },

  async server_compressed_streaming() {
    const server = await serve(transport, (add) => add(TestServiceService, new TestServer()), { gzip: true });
    const request = create(StreamingOutputCallRequestSchema, {
      responseParameters: [{ size: 31415 }, { size: 92653 }],
    });
    const path = "/grpc.testing.TestService/StreamingOutputCall";
    const sent = frame(toBinary(StreamingOutputCallRequestSchema, request), false);
    const { frames } = await rawCall(server.port, path, { "grpc-accept-encoding": "gzip" }, sent);
    await server.stop();
    const sizes = frames.map((one) => fromBinary(StreamingOutputCallResponseSchema, plain(one)).payload?.body.length);
    expectEqual("responses", [frames.every(({ compressed }) => compressed), sizes], [true, [31415, 92653]]);
  },
};

for (const [name, run] of Object.entries(cases)) {
  try {
    await run();
    emit({ case: name, ok: true });
  } catch (error) {
    emit({ case: name, ok: false, detail: error instanceof Error ? error.message : String(error) });
  }
}
