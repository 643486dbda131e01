import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { fetchHandler } from "../../../src/runtime/web-server.js";
import { serveAt, serverOf, type WebTrialHandlers } from "./doors.js";

const handlers: Partial<WebTrialHandlers> = {
  greet: ({ value }) => ({ value }),
  look: ({ value }) => ({ value }),
  async *download() {
    yield { value: new Uint8Array(3) };
  },
  async upload(call) {
    let bytes = 0;
    for await (const { value } of call) bytes += value.length;
    await call.sendAndClose({ value: bytes });
  },
};

type Send = (path: string, init?: RequestInit) => Promise<Response>;

/** A way in, and what sends to it. */
const places: Readonly<Record<string, () => Promise<Send>>> = {
  async listen() {
    const url = await serveAt("listen", serverOf(handlers));
    return (path, init) => fetch(url + path, init);
  },
  async nodeHandler() {
    const url = await serveAt("node:http", serverOf(handlers));
    return (path, init) => fetch(url + path, init);
  },
  async fetchHandler() {
    const handler = fetchHandler(serverOf(handlers));
    return (path, init) => handler(new Request(`http://x${path}`, init));
  },
};

const bytes = (...pieces: (number | string)[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    Buffer.concat(pieces.map((one) => (typeof one === "string" ? Buffer.from(one, "latin1") : Buffer.of(one)))),
  );
const post = (contentType: string, body: string | Uint8Array<ArrayBuffer>): RequestInit => ({
  method: "POST",
  headers: { "content-type": contentType },
  body,
});
const greet = "/contract.v1.Trial/Greet";
const look = "/contract.v1.Trial/Look";
const download = "/contract.v1.Trial/Download";
const upload = "/contract.v1.Trial/Upload";
/** What 4 MiB do not hold. */
const TOO_MUCH = 4 * 1024 * 1024 + 1;

/** A query of a GET: everything but what is given. */
const query = (given: Readonly<Record<string, string>>): string =>
  `${look}?${new URLSearchParams({ connect: "v1", encoding: "json", message: '"x"', ...given })}`;

const attacks: readonly (readonly [what: string, path: string, init: RequestInit | undefined, answer: RegExp])[] = [
  ["GET: base64 that is none", query({ base64: "1", message: "%%%" }), undefined, /^400 .*invalid_argument/],
  [
    "GET: base64 of half a message",
    query({ base64: "1", encoding: "proto", message: "Cg" }),
    undefined,
    /^500 .*internal/,
  ],
  ["GET: an encoding that nobody knows", query({ encoding: "xml" }), undefined, /^400 .*invalid_argument/],
  ["GET: another version", query({ connect: "v2" }), undefined, /^400 .*invalid_argument/],
  ["GET: a compression that nobody knows", query({ compression: "br" }), undefined, /^501 .*unimplemented/],
  [
    "GET: compressed garbage",
    query({ compression: "gzip", base64: "1", message: "AAAA" }),
    undefined,
    /^(400|500) .*(invalid_argument|internal)/,
  ],
  ["GET: no query", look, undefined, /^(400|415) /],
  [
    "GET: a timeout of letters",
    `${query({})}&x=%`,
    { headers: { "connect-timeout-ms": "1e3" } },
    /^400 .*invalid_argument/,
  ],
  ["a message too large", greet, post("application/proto", new Uint8Array(TOO_MUCH)), /^429 .*resource_exhausted/],
  [
    "an envelope that says 4 GiB",
    download,
    post("application/connect+proto", bytes(0, 255, 255, 255, 255, "x")),
    /^200 .*resource_exhausted/s,
  ],
  [
    "an envelope of half a prefix",
    download,
    post("application/connect+proto", bytes(0, 0, 0)),
    /^200 .*(invalid_argument|internal)/s,
  ],
  [
    "an envelope with flags of nobody's",
    download,
    post("application/connect+proto", bytes(0x80, 0, 0, 0, 0)),
    /^200 .*(invalid_argument|internal)/s,
  ],
  [
    "a compressed envelope without a compression",
    download,
    post("application/connect+proto", bytes(1, 0, 0, 0, 1, "x")),
    /^200 .*(invalid_argument|internal)/s,
  ],
  [
    "no message where one is due",
    download,
    post("application/connect+proto", ""),
    /^200 .*(invalid_argument|internal|unimplemented)/s,
  ],
  [
    "two messages where one is due",
    download,
    post("application/connect+proto", bytes(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
    /^200 .*(invalid_argument|internal|unimplemented)/s,
  ],
  [
    "a message that is no protobuf",
    download,
    post("application/connect+proto", bytes(0, 0, 0, 0, 2, 0x08, 0xff)),
    /^200 .*(invalid_argument|internal)/s,
  ],
  [
    "gRPC-Web: text that is no base64",
    greet,
    post("application/grpc-web-text+proto", "****"),
    /^200 .*grpc-status: ?(3|13)|^(400|415) /is,
  ],
  [
    "gRPC-Web: a trailers frame from a client",
    greet,
    post("application/grpc-web+proto", bytes(0x80, 0, 0, 0, 0)),
    /grpc-status: ?(3|12|13)/,
  ],
  [
    "gRPC-Web: a message too large",
    upload,
    post("application/grpc-web+proto", bytes(0, 0, 0x50, 0, 0, "x")),
    /grpc-status: ?8/,
  ],
  ["JSON a thousand deep", greet, post("application/json", "[".repeat(100_000)), /^400 .*invalid_argument/],
  ["a content type with a mark in it", greet, post("application/json; charset=utf-16", '"x"'), /^415 |^200 "x"/],
];

describe.each(Object.entries(places))("hostile requests at %s", (_place, open) => {
  test("each gets an answer of its protocol, and the next call is served", async () => {
    const escaped: unknown[] = [];
    const note = (error: unknown): void => void escaped.push(error);
    process.on("unhandledRejection", note).on("uncaughtException", note);
    onTestFinished(() => void process.off("unhandledRejection", note).off("uncaughtException", note));
    const send = await open();
    for (const [what, path, init, answer] of attacks) {
      const response = await send(path, init);
      const head = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
      let text = await response.text();
      if (response.headers.get("content-type")?.startsWith("application/grpc-web-text") === true) {
        text = text.replace(/[A-Za-z0-9+/]+=*/g, (piece) => Buffer.from(piece, "base64").toString("latin1"));
      }
      expect.soft(`${response.status} ${text}\n${head}`, what).toMatch(answer);
    }
    const response = await send(greet, post("application/json", '"well?"'));
    expect([response.status, await response.json()]).toEqual([200, "well?"]);
    expect(escaped).toEqual([]);
  });
});

describe("hostile connections of HTTP/1.1", () => {
  /** Sends all at once; what came until the server closed, or until it matches. */
  async function talk(sent: string, until: RegExp): Promise<string> {
    const url = await serveAt("listen", serverOf(handlers));
    const socket = connectTcp(Number(new URL(url).port), "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    await once(socket, "connect");
    let received = "";
    const enough = new Promise<void>((resolve) => {
      socket.setEncoding("latin1").on("data", (text: string) => {
        received += text;
        if (until.test(received)) resolve();
      });
      socket.on("close", () => resolve());
      socket.on("error", () => {});
    });
    socket.write(sent);
    await enough;
    return received;
  }

  const call = (body: string, more = ""): string =>
    `POST ${greet} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${more}content-length: ${body.length}\r\n\r\n${body}`;

  test("requests that come at once are answered in their order", async () => {
    const all = Array.from({ length: 20 }, (_, i) => call(`"${i}"`)).join("");
    const answers = await talk(all, /"19"/);
    expect([...answers.matchAll(/\r\n\r\n(?:[0-9a-f]+\r\n)?("\d+")/g)].map(([, body]) => body)).toEqual(
      Array.from({ length: 20 }, (_, i) => `"${i}"`),
    );
  });

  test.each([
    ["two lengths", call('"x"', "content-length: 99\r\n")],
    ["a length beside chunks", call('"x"', "transfer-encoding: chunked\r\n")],
    ["a header with a bare line feed in it", call('"x"', "x-a: 1\n x: 2\r\n\n")],
  ])("a request that says it twice is refused, and nothing behind it is served: %s", async (_, first) => {
    const received = await talk(`${first}${call('"smuggled"')}`, /smuggled/);
    expect(received).toMatch(/^HTTP\/1\.1 400 /);
    expect(received).not.toContain("smuggled");
  });

  test("an Upgrade that nobody takes is a request like any other, and switches nothing", async () => {
    const received = await talk(
      call('"x"', "connection: close, upgrade\r\nupgrade: websocket\r\n") + call('"smuggled"'),
      /never/,
    );
    expect(received).toMatch(/^HTTP\/1\.1 200 /);
    expect(received).not.toContain("smuggled");
  });

  test("headers over the limit are refused", async () => {
    expect(await talk(call('"x"', `x-a: ${"a".repeat(200_000)}\r\n`), /never/)).toMatch(/^HTTP\/1\.1 431 /);
  });
});
