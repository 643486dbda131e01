import { describe, expect, test } from "vitest";
import { Metadata, type StatusObject, status } from "../../../src/runtime/index.js";
import { decodeEndStream, encodeEndStream } from "../../../src/runtime/wire/connect/end-stream.js";

const bytes = (text: string) => new TextEncoder().encode(text);
const shown = ({ code, details, metadata }: StatusObject) => ({ code, details, pairs: [...metadata] });

describe("the end of a stream (Connect protocol reference, 'Streaming Response')", () => {
  test.each([
    ["", "the end of the stream is not JSON"],
    ["{", "the end of the stream is not JSON"],
    ["7", "the end of the stream is not an object of JSON"],
    ['"text"', "the end of the stream is not an object of JSON"],
    ["null", "the end of the stream is not an object of JSON"],
    ["[]", "the end of the stream is not an object of JSON"],
  ])("%j is INTERNAL", (text, details) => {
    expect(shown(decodeEndStream(bytes(text)))).toEqual({ code: status.INTERNAL, details, pairs: [] });
  });

  test("bytes that are no UTF-8 are no JSON", () => {
    const broken = Uint8Array.of(...bytes('{"a":"'), 0xff, ...bytes('"}'));
    expect(decodeEndStream(broken).details).toBe("the end of the stream is not JSON");
  });

  test.each<[text: string, code: status, pairs: unknown[]]>([
    ["{}", status.OK, []],
    ['{"error":null}', status.OK, []],
    ['{"metadata":null}', status.OK, []],
    ['{"metadata":7}', status.OK, []],
    ['{"metadata":"ab"}', status.OK, []],
    [
      '{"metadata":{"X-Key":["a","b"]}}',
      status.OK,
      [
        ["x-key", "a"],
        ["x-key", "b"],
      ],
    ],
    ['{"metadata":{"x-key":"a"}}', status.OK, [["x-key", "a"]]],
    ['{"metadata":{"x-key":[7,null,"a"]}}', status.OK, [["x-key", "a"]]],
    ['{"metadata":{"grpc-status":["7"],"x-key":["a"]}}', status.OK, [["x-key", "a"]]],
    ['{"error":{"code":"aborted"},"metadata":{"x-key":["a"]}}', status.ABORTED, [["x-key", "a"]]],
    ['{"error":{}}', status.UNKNOWN, []],
    ['{"error":7}', status.UNKNOWN, []],
  ])("%s", (text, code, pairs) => {
    const { details: _, ...rest } = shown(decodeEndStream(bytes(text)));
    expect(rest).toEqual({ code, pairs });
  });

  test("what belongs to the protocol is no trailer", () => {
    const metadata = new Metadata();
    metadata.set("x-key", "a");
    metadata.set("grpc-status-details-bin", Uint8Array.of(1));
    const text = new TextDecoder().decode(encodeEndStream({ code: status.OK, details: "", metadata }));
    expect(JSON.parse(text)).toEqual({ metadata: { "x-key": ["a"] } });
  });
});
