import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type BytesValue,
  BytesValueSchema,
  type Int32Value,
  Int32ValueSchema,
  type StringValue,
  StringValueSchema,
} from "@bufbuild/protobuf/wkt";
import { GrpcWebClientBase, MethodDescriptor, MethodType, type RpcError as WebError } from "grpc-web";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import XHR from "xhr2";
import { Metadata, RpcError, status } from "../../../src/runtime/index.js";
import { serveAt, serverOf } from "./doors.js";

// The official client is one for browsers, and asks for an XMLHttpRequest.
const globals = globalThis as { XMLHttpRequest?: unknown };
const before = globals.XMLHttpRequest;
beforeAll(() => {
  globals.XMLHttpRequest = XHR;
});
afterAll(() => {
  globals.XMLHttpRequest = before;
});

const greet = new MethodDescriptor<StringValue, StringValue>(
  "/contract.v1.Trial/Greet",
  MethodType.UNARY,
  Object as never, // only for generated messages' classes
  Object as never,
  (message: StringValue) => toBinary(StringValueSchema, message),
  (bytes: Uint8Array) => fromBinary(StringValueSchema, new Uint8Array(bytes)),
);
const download = new MethodDescriptor<Int32Value, BytesValue>(
  "/contract.v1.Trial/Download",
  MethodType.SERVER_STREAMING,
  Object as never,
  Object as never,
  (message: Int32Value) => toBinary(Int32ValueSchema, message),
  (bytes: Uint8Array) => fromBinary(BytesValueSchema, new Uint8Array(bytes)),
);

describe.each(["listen", "node:http"] as const)("npm's grpc-web at %s", (place) => {
  describe.each(["text", "binary"] as const)("%s", (format) => {
    async function open() {
      const server = serverOf({
        greet({ value }, call) {
          const header = new Metadata();
          header.set("x-header", "1");
          call.sendHeader(header);
          if (value === "") throw new RpcError(status.NOT_FOUND, "nobody: 100 %");
          return { value: `hello ${value} ${String(call.metadata.get("x-a"))}` };
        },
        async *download({ value }) {
          for (let i = 1; i <= value; i++) yield { value: new Uint8Array(i).fill(i) };
          throw new RpcError(status.ABORTED, "enough");
        },
      });
      return { url: await serveAt(place, server), client: new GrpcWebClientBase({ format }) };
    }

    test("a message and an error", async () => {
      const { url, client } = await open();
      const call = (value: string): Promise<StringValue> =>
        client.unaryCall(url + greet.getName(), create(StringValueSchema, { value }), { "x-a": "b" }, greet);
      expect((await call("you")).value).toBe("hello you b");
      const error = (await call("").catch((reason: unknown) => reason)) as WebError; // what it rejects with
      expect([error.code, error.message]).toEqual([status.NOT_FOUND, "nobody: 100 %"]);
    });

    // The client streams as text alone.
    test.runIf(format === "text")("a stream, and the error behind it", async () => {
      const { url, client } = await open();
      const stream = client.serverStreaming(
        url + download.getName(),
        create(Int32ValueSchema, { value: 3 }),
        {},
        download,
      );
      const sizes: number[] = [];
      const error = await new Promise<WebError>((resolve) => {
        stream.on("data", ({ value }) => void sizes.push(value.length));
        stream.on("error", resolve);
      });
      expect(sizes).toEqual([1, 2, 3]);
      expect([error.code, error.message]).toEqual([status.ABORTED, "enough"]);
    });
  });
});
