import { create } from "@bufbuild/protobuf";
import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, onTestFinished, test } from "vitest";
import { RpcError, status } from "../../../src/runtime/index.js";
import { type FetchChannelOptions, fetchChannel } from "../../../src/runtime/web.js";
import { readAll, rejection } from "../../contract/harness/harness.js";
import { TrialClient } from "../../contract/harness/trial-service.js";
import { connectNodeServer } from "./connect-node.js";

function clientOf(url: string, options: FetchChannelOptions): TrialClient {
  const channel = fetchChannel(url, options);
  onTestFinished(() => channel.close());
  return new TrialClient(channel);
}

describe.each(["connect", "grpc-web"] as const)("fetchChannel calls connect-node over %s", (protocol) => {
  test("unary, with metadata both ways", async () => {
    const url = await connectNodeServer({
      greet(request, context) {
        context.responseHeader.set("x-header", "h");
        context.responseHeader.set("x-header-bin", "AQID");
        context.responseTrailer.set("x-trailer", "t");
        return { value: `hello ${request.value} ${context.requestHeader.get("x-asked")}` };
      },
    });
    const seen: unknown[] = [];
    const answer = await clientOf(url, { protocol }).greet(
      { value: "Ada" },
      {
        metadata: { "x-asked": "yes" },
        onHeader: (header) => seen.push(header.get("x-header"), header.get("x-header-bin")),
        onTrailer: (trailer) => seen.push(trailer.get("x-trailer")),
      },
    );
    expect(answer.value).toBe("hello Ada yes");
    expect(seen).toEqual([["h"], [Buffer.from([1, 2, 3])], ["t"]]);
  });

  test("server streams, to their end", async () => {
    const url = await connectNodeServer({
      async *download(request) {
        for (let i = 0; i < request.value; i++) yield { value: new Uint8Array(i) };
      },
    });
    const { messages, error } = await readAll(clientOf(url, { protocol }).download({ value: 300 }));
    expect(messages.map(({ value }) => value.length)).toEqual(Array.from({ length: 300 }, (_, i) => i));
    expect(error).toBeUndefined();
  });

  test("client streams, where fetch streams requests", async () => {
    const url = await connectNodeServer({
      async upload(requests) {
        let value = 0;
        for await (const request of requests) value += request.value.length;
        return { value };
      },
    });
    const upload = clientOf(url, { protocol }).upload();
    for (let i = 0; i < 100; i++) expect(await upload.send({ value: new Uint8Array(10_000) })).toBe(true);
    expect((await upload.closeAndRecv()).value).toBe(1_000_000);
  });

  test("messages that wait to be sent stay what they were", async () => {
    const url = await connectNodeServer({
      async upload(requests) {
        let wrong = 0;
        let n = 0;
        for await (const { value } of requests) {
          if (value.length !== 3 || value.some((byte) => byte !== n)) wrong++;
          n++;
        }
        return { value: wrong };
      },
    });
    const upload = clientOf(url, { protocol }).upload();
    for (let i = 0; i < 200; i++) void upload.send({ value: new Uint8Array([i, i, i]) });
    expect((await upload.closeAndRecv()).value).toBe(0);
  });

  test("errors keep code, text, details and trailers", async () => {
    const fail = () => {
      const error = new ConnectError("no such thing", Code.NotFound, { "x-why": "gone" });
      error.details.push({ desc: StringValueSchema, value: { value: "a detail" } });
      throw error;
    };
    const url = await connectNodeServer({
      greet: fail,
      async *download() {
        yield { value: new Uint8Array(1) };
        fail();
      },
    });
    const client = clientOf(url, { protocol });
    const { messages, error: streamed } = await readAll(client.download({ value: 1 }));
    expect(messages.length).toBe(1);
    for (const error of [await rejection(client.greet({ value: "" })), streamed]) {
      expect(error).toBeInstanceOf(RpcError);
      expect(error).toMatchObject({ code: status.NOT_FOUND, details: "no such thing" });
      expect(error?.findDetails(StringValueSchema)).toEqual([create(StringValueSchema, { value: "a detail" })]);
    }
  });

  test.each(["gzip", "deflate"] as const)("sends %s, and reads what comes compressed", async (compression) => {
    const url = await connectNodeServer({
      greet: ({ value }, { requestHeader }) => ({
        value: `${value.length} ${requestHeader.get("content-encoding") ?? requestHeader.get("grpc-encoding")}`,
      }),
      async *download({ value }) {
        for (let i = 0; i < value; i++) yield { value: new Uint8Array(10_000).fill(i) };
      },
    });
    const client = clientOf(url, { protocol });
    if (compression === "deflate") {
      // connect-node knows none.
      const error = await rejection(client.greet({ value: "a" }, { compression }));
      expect(error.code).toBe(status.UNIMPLEMENTED);
      return;
    }
    expect((await client.greet({ value: "a".repeat(5_000) }, { compression })).value).toBe("5000 gzip");
    const reader = client.download({ value: 20 }, { compression });
    const { messages } = await readAll(reader);
    expect(messages.map(({ value }) => value[9_999])).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(reader.compressed).toBe(true);
  });
});
