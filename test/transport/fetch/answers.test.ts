import type { OutgoingHttpHeaders } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { RpcError, status } from "../../../src/runtime/index.js";
import { type FetchChannelOptions, fetchChannel } from "../../../src/runtime/web.js";
import { readAll, rejection } from "../../contract/harness/harness.js";
import { TrialClient } from "../../contract/harness/trial-service.js";
import { rawHttp } from "./raw-http.js";

/** What the server answers, whatever it is asked. */
async function answering(
  protocol: FetchChannelOptions["protocol"],
  httpStatus: number,
  headers: OutgoingHttpHeaders,
  body: Uint8Array | string = "",
  options: Partial<FetchChannelOptions> = {},
): Promise<TrialClient> {
  const url = await rawHttp((_, response) => void response.writeHead(httpStatus, headers).end(body));
  const channel = fetchChannel(url, { protocol, ...options });
  onTestFinished(() => channel.close());
  return new TrialClient(channel);
}

/** HTTP statuses of what is no answer of the protocols (both specifications, "HTTP to … code"). */
const HTTP = [
  [400, status.INTERNAL],
  [401, status.UNAUTHENTICATED],
  [403, status.PERMISSION_DENIED],
  [404, status.UNIMPLEMENTED],
  [429, status.UNAVAILABLE],
  [502, status.UNAVAILABLE],
  [503, status.UNAVAILABLE],
  [504, status.UNAVAILABLE],
  [301, status.UNKNOWN],
  [418, status.UNKNOWN],
  [500, status.UNKNOWN],
] as const;

describe.each(["connect", "grpc-web"] as const)("P11 answers over %s that are none", (protocol) => {
  test.each(HTTP)("P11 HTTP %i", async (httpStatus, code) => {
    const client = await answering(protocol, httpStatus, { "content-type": "text/html", location: "/" }, "<h1>no</h1>");
    expect(await rejection(client.greet({ value: "" }))).toMatchObject({ code });
    expect((await readAll(client.download({ value: 1 }))).error).toMatchObject({ code });
  });

  test("P11 another content type", async () => {
    const client = await answering(protocol, 200, { "content-type": "text/html" }, "<h1>a login page</h1>");
    const error = await rejection(client.greet({ value: "" }));
    expect([error.code, error.details]).toEqual([status.UNKNOWN, expect.stringContaining("text/html")]);
  });

  test("P11 messages in another format are INTERNAL", async () => {
    const type = protocol === "connect" ? "application/json" : "application/grpc-web+json";
    const client = await answering(protocol, 200, { "content-type": type }, "{}");
    expect(await rejection(client.greet({ value: "" }))).toMatchObject({ code: status.INTERNAL });
  });

  test("P11 nobody listens", async () => {
    const channel = fetchChannel("http://127.0.0.1:1", { protocol });
    const error = await rejection(new TrialClient(channel).greet({ value: "" }));
    expect([error.code, error.details]).toEqual([status.UNAVAILABLE, expect.stringContaining("127.0.0.1:1")]);
    expect(channel.state).toBe("transient_failure");
    await channel.close();
  });

  test("P6 a connection that is lost within the answer is UNAVAILABLE, behind what came", async () => {
    const type = protocol === "connect" ? "application/connect+proto" : "application/grpc-web+proto";
    const url = await rawHttp((_, response) => {
      response.writeHead(200, { "content-type": type });
      response.write(Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 1]), () => response.destroy());
    });
    const channel = fetchChannel(url, { protocol });
    onTestFinished(() => channel.close());
    const { messages, error } = await readAll(new TrialClient(channel).download({ value: 1 }));
    expect([messages.length, error?.code]).toEqual([1, status.UNAVAILABLE]);
  });

  test("P12 an answer past the limit is refused before all of it came", async () => {
    const type = protocol === "connect" ? "application/proto" : "application/grpc-web+proto";
    let closed = false;
    const url = await rawHttp((_, response) => {
      response.writeHead(200, { "content-type": type });
      response.on("close", () => {
        closed = true;
      });
      // Never ends; over gRPC-Web it is one message of 16 MiB.
      const more = (): void =>
        void (response.destroyed || response.write(Buffer.alloc(65_536), () => setImmediate(more)));
      response.write(Buffer.from(protocol === "connect" ? [] : [0, 1, 0, 0, 0]));
      more();
    });
    const channel = fetchChannel(url, { protocol });
    onTestFinished(() => channel.close());
    expect(await rejection(new TrialClient(channel).greet({ value: "" }))).toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      details: expect.stringContaining("maxReceiveMessageBytes"),
    });
    await expect.poll(() => closed).toBe(true);
  });

  test("P16 headers past the limit are refused", async () => {
    const headers = { "content-type": "text/html", "x-large": "v".repeat(500) };
    const client = await answering(protocol, 200, headers, "", { maxMetadataBytes: 400 });
    const error = await rejection(client.greet({ value: "" }));
    expect([error.code, error.details]).toEqual([status.RESOURCE_EXHAUSTED, expect.stringContaining("400")]);
  });
});

describe("errors of Connect", () => {
  const unary = (httpStatus: number, body: string) =>
    answering("connect", httpStatus, { "content-type": "application/json", "trailer-x-t": "1", "x-h": "2" }, body);

  test.each([
    [`{"code":"not_found","message":"gone"}`, 404, status.NOT_FOUND, "gone"],
    [`{"code":"canceled"}`, 499, status.CANCELLED, ""],
    [`{"code":"no_such_code","message":"m"}`, 429, status.UNAVAILABLE, "m"],
    [`{"message":"m"}`, 401, status.UNAUTHENTICATED, "m"],
    [`{"code":"ok"}`, 500, status.UNKNOWN, ""],
    [
      `{"code":"aborted","message":"half \\ud83d a pair, \\ud83d\\ude00"}`,
      409,
      status.ABORTED,
      "half \ufffd a pair, 😀",
    ],
    ["{", 503, status.UNAVAILABLE, "the server answered with HTTP status 503"],
    ["[]", 403, status.PERMISSION_DENIED, ""],
  ])("%s with HTTP %i", async (body, httpStatus, code, details) => {
    const error = await rejection((await unary(httpStatus, body)).greet({ value: "" }));
    expect([error.code, error.details]).toEqual([code, details]);
  });

  test("header and trailers come with it", async () => {
    const seen: unknown[] = [];
    const client = await unary(404, `{"code":"not_found"}`);
    const error = await rejection(client.greet({ value: "" }, { onHeader: (header) => seen.push(header.getMap()) }));
    expect(seen).toEqual([{ "x-h": "2" }]);
    expect(error.metadata.getMap()).toEqual({ "x-t": "1" });
  });
});

describe("answers of gRPC-Web without messages", () => {
  test("trailers that come as headers", async () => {
    const headers = { "content-type": "application/grpc-web+proto", "grpc-status": "5", "grpc-message": "n%C3%A4h" };
    const client = await answering("grpc-web", 200, { ...headers, "x-why": "gone" });
    const error = await rejection(client.greet({ value: "" }));
    expect([error.code, error.details, error.metadata.get("x-why")]).toEqual([status.NOT_FOUND, "näh", ["gone"]]);
  });

  test("a gRPC status outranks the HTTP status it came with", async () => {
    const client = await answering("grpc-web", 503, { "grpc-status": "7" });
    expect(await rejection(client.greet({ value: "" }))).toMatchObject({ code: status.PERMISSION_DENIED });
  });

  test("trailers in a frame, whose status is none", async () => {
    const trailers = Buffer.from("grpc-status: 99\r\n");
    const frame = Buffer.concat([Buffer.from([0x80, 0, 0, 0, trailers.length]), trailers]);
    const client = await answering("grpc-web", 200, { "content-type": "application/grpc-web+proto" }, frame);
    expect(await rejection(client.greet({ value: "" }))).toMatchObject({ code: status.UNKNOWN });
    expect((await readAll(client.download({ value: 1 }))).error).toBeInstanceOf(RpcError);
  });
});
