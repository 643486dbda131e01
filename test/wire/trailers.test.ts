import { describe, expect, test } from "vitest";
import { Metadata, RpcError, type StatusObject, status } from "../../src/runtime/index.js";
import { ACCEPT_ENCODING, type Compressor, inflate, parseEncoding } from "../../src/runtime/wire/compression.js";
import { putGrpcStatus } from "../../src/runtime/wire/grpc-status-trailers.js";
import { headersSize } from "../../src/runtime/wire/metadata-headers.js";
import { NO_MESSAGES } from "../../src/runtime/wire/no-messages.js";
import { statusOfTrailers } from "../../src/runtime/wire/trailers.js";

describe("the status that trailers carry (gRPC over HTTP/2, 'Trailers')", () => {
  test.each<[trailers: string[], code: status, details: string, key: string | undefined]>([
    [["grpc-status", "0"], status.OK, "", undefined],
    [["grpc-status", "0", "x-key", "v"], status.OK, "", "v"],
    [["x-key", "0"], status.UNKNOWN, "the trailers carry no grpc-status", "0"],
    [["grpc-status", "5"], status.NOT_FOUND, "", undefined],
    [["grpc-status", "5", "grpc-message", "caf%C3%A9"], status.NOT_FOUND, "café", undefined],
    [["x-key", "v", "grpc-message", "no", "grpc-status", "7"], status.PERMISSION_DENIED, "no", "v"],
    [["grpc-message", "no"], status.UNKNOWN, "the trailers carry no grpc-status", undefined],
    [["grpc-status", "x"], status.UNKNOWN, "the trailers carry grpc-status x", undefined],
    [[], status.UNKNOWN, "the trailers carry no grpc-status", undefined],
  ])("%j", (trailers, code, details, key) => {
    const read = statusOfTrailers(trailers);
    expect({ code: read.code, details: read.details }).toEqual({ code, details });
    expect(read.metadata.get("x-key")[0]).toBe(key);
    expect(read.metadata.get("grpc-status")).toEqual([]);
  });
});

describe("the trailers of a status", () => {
  const of = (code: status, details: string, pairs: Record<string, string> = {}): StatusObject => {
    const metadata = new Metadata();
    for (const [key, value] of Object.entries(pairs)) metadata.set(key, value);
    return { code, details, metadata };
  };
  const put = (one: StatusObject, limit: number, before: string[] = []): string[] => {
    const trailers = [...before];
    putGrpcStatus(one, trailers, limit);
    return trailers;
  };

  test.each<[one: StatusObject, trailers: string[]]>([
    [of(status.OK, ""), ["grpc-status", "0"]],
    [of(status.ABORTED, "é", { k: "v" }), ["grpc-status", "10", "k", "v", "grpc-message", "%C3%A9"]],
  ])("are status, metadata and message", (one, trailers) => {
    expect(put(one, 65_536)).toEqual(trailers);
    expect(put(one, 65_536, ["a", "b"])).toEqual(["a", "b", ...trailers]);
  });

  test("a text is cut to the room that is left, and left out where there is none", () => {
    const long = of(status.ABORTED, "x".repeat(10_000), { k: "v" });
    const whole = headersSize(put(long, 65_536));
    expect(put(long, whole).at(-1)).toHaveLength(10_000);
    for (const limit of [whole - 1, 2_000, 500]) {
      const trailers = put(long, limit);
      expect(trailers.at(-1)).toMatch(/^x+\.\.\. \(cut\)$/);
      expect(headersSize(trailers)).toBe(limit);
    }
    expect(put(long, 40)).toEqual(["grpc-status", "10", "k", "v"]);
  });
});

describe("encodings", () => {
  test.each([
    [undefined, "identity"],
    ["identity", "identity"],
    ["gzip", "gzip"],
    ["deflate", "deflate"],
    ["snappy", undefined],
    ["", undefined],
  ])("grpc-encoding: %s", (header, encoding) => {
    expect(parseEncoding(header)).toBe(encoding);
    if (header !== undefined) expect(ACCEPT_ENCODING.split(",").includes(header)).toBe(encoding !== undefined);
  });

  /** One that does this with everything. */
  const doing = (decompress: Compressor["decompress"]): Compressor => ({ compress: (bytes) => bytes, decompress });
  const failing = (error: Error) =>
    doing(() => {
      throw error;
    });
  const input = Uint8Array.of(1);

  test("bytes are inflated with the limit", () => {
    const seen: unknown[] = [];
    const compressor = doing((...given) => {
      seen.push(...given);
      return Uint8Array.of(2);
    });
    expect(inflate(compressor, input, "gzip", 7)).toEqual(Uint8Array.of(2));
    expect(seen).toEqual([input, "gzip", 7]);
  });

  test.each<[error: Error, code: status, details: string]>([
    [
      new RangeError("too much"),
      status.RESOURCE_EXHAUSTED,
      "the inflated message is larger than the limit of 7 bytes (maxReceiveMessageBytes)",
    ],
    [new Error("bad magic"), status.INTERNAL, "a message is not valid deflate"],
    [new RpcError(status.UNIMPLEMENTED, "not here"), status.UNIMPLEMENTED, "not here"],
  ])("what a compressor throws: %s", (error, code, details) => {
    const call = () => inflate(failing(error), input, "deflate", 7);
    expect(call).toThrow(RpcError);
    expect(call).toThrow(expect.objectContaining({ code, details }));
    if (code === status.INTERNAL) expect(call).toThrow(expect.objectContaining({ cause: error }));
  });
});

test("a call without a stream has no messages", () => {
  expect(NO_MESSAGES.waiting).toBe(0);
  expect(() => NO_MESSAGES.next()).toThrow(new RangeError("nothing waits"));
  expect(NO_MESSAGES.drop()).toBeUndefined();
});
