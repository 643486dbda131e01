import { once } from "node:events";
import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, onTestFinished, test } from "vitest";
import { es } from "../../../src/runtime/codec-es.js";
import { callUnary, described, unary } from "../../../src/runtime/codegen-v1.js";
import { status } from "../../../src/runtime/index.js";
import { esJson } from "../../../src/runtime/json.js";
import { type Channel, type FetchChannelOptions, fetchChannel } from "../../../src/runtime/web.js";
import { readAll, rejection } from "../../contract/harness/harness.js";
import { TrialClient, trial } from "../../contract/harness/trial-service.js";
import { connectNodeServer } from "./connect-node.js";
import { rawHttp } from "./raw-http.js";
import { TrialDescriptor } from "./trial-descriptor.js";

const string = es(StringValueSchema);
/** As generated code has them: with the descriptor of their rpc. */
const methods = described(TrialDescriptor, {
  greet: unary("/contract.v1.Trial/Greet", string, string),
  look: unary("/contract.v1.Trial/Look", string, string),
});

interface Asked {
  readonly url: string;
  readonly method: string | undefined;
  readonly headers: Headers;
}

/** A channel, and what it asked fetch for. */
function open(url: string, options: FetchChannelOptions): { channel: Channel; asked: Asked[] } {
  const asked: Asked[] = [];
  const channel = fetchChannel(url, {
    fetch: (input, init) => {
      asked.push({ url: String(input), method: init?.method, headers: new Headers(init?.headers) });
      return fetch(input, init);
    },
    ...options,
  });
  onTestFinished(() => channel.close());
  return { channel, asked };
}

const echo = () =>
  connectNodeServer({ greet: ({ value }) => ({ value }), look: ({ value }) => ({ value: `seen ${value}` }) });

describe("JSON", () => {
  test.each(["connect", "grpc-web"] as const)("over %s", async (protocol) => {
    const { channel, asked } = open(await echo(), { protocol, json: esJson() });
    expect((await callUnary(channel, methods.greet, { value: "ü" })).value).toBe("ü");
    expect(asked[0]?.headers.get("content-type")).toMatch(/json$/);
  });

  test("methods without descriptors are refused, and told so", async () => {
    const { channel } = open(await echo(), { protocol: "connect", json: esJson() });
    const error = await rejection(callUnary(channel, trial.greet, { value: "" }));
    expect([error.code, error.details]).toEqual([
      status.INTERNAL,
      expect.stringContaining("cannot be called with JSON"),
    ]);
  });
});

describe("GET", () => {
  const options = { protocol: "connect", useHttpGet: true } as const;

  test("asks for methods without side effects, and for those alone", async () => {
    const { channel, asked } = open(await echo(), options);
    expect((await callUnary(channel, methods.look, { value: "ü?&" })).value).toBe("seen ü?&");
    expect((await callUnary(channel, methods.greet, { value: "a" })).value).toBe("a");
    expect(asked.map(({ method }) => method)).toEqual(["GET", "POST"]);
    expect(asked[0]?.url).toMatch(/\/contract\.v1\.Trial\/Look\?connect=v1&encoding=proto&base64=1&message=/);
    expect(asked[0]?.headers.get("content-type")).toBeNull();
  });

  test.each([
    ["JSON", { json: esJson() }, "identity", /encoding=json&message=%22/],
    ["gzip", {}, "gzip", /compression=gzip&base64=1/],
  ] as const)("with %s", async (_, more, compression, pattern) => {
    const { channel, asked } = open(await echo(), { ...options, ...more });
    expect((await callUnary(channel, methods.look, { value: "a" }, { compression })).value).toBe("seen a");
    expect(asked[0]?.url).toMatch(pattern);
  });

  test("a message too long for a URL is posted", async () => {
    const { channel, asked } = open(await echo(), options);
    const value = "v".repeat(10_000);
    expect((await callUnary(channel, methods.look, { value })).value).toBe(`seen ${value}`);
    expect(asked[0]?.method).toBe("POST");
  });
});

describe("P17 options of fetchChannel", () => {
  const wrong = (url: string, options: object) => () => fetchChannel(url, options as FetchChannelOptions);

  test.each([
    [
      "one that nobody knows",
      "http://a",
      { protocol: "connect", maxRecieveMessageBytes: 1 },
      /"maxRecieveMessageBytes"/,
    ],
    ["no protocol", "http://a", {}, /"connect" or "grpc-web"/],
    ["another protocol", "http://a", { protocol: "grpc" }, /"grpc"/],
    ["GET over gRPC-Web", "http://a", { protocol: "grpc-web", useHttpGet: true }, /useHttpGet/],
    ["a target of another channel", "a:80", { protocol: "connect" }, /http: or https:/],
    ["no URL", "", { protocol: "connect" }, /needs a URL/],
    ["a query", "http://a/?b", { protocol: "connect" }, /query/],
  ])("P17 %s", (_, url, options, message) => {
    expect(wrong(url, options)).toThrow(message);
    expect(wrong(url, options)).toThrow(TypeError);
  });

  test("P17 limits, the path of a URL and credentials arrive", async () => {
    const url = await echo();
    const outcome = async (options: Partial<FetchChannelOptions>, base = url) => {
      const { channel, asked } = open(base, { protocol: "connect", ...options });
      const error = await callUnary(channel, methods.greet, { value: "hello" }).catch((thrown) => thrown);
      return { text: String(error.message ?? error.value), asked };
    };
    expect((await outcome({ maxSendMessageBytes: 3 })).text).toContain("maxSendMessageBytes");
    expect((await outcome({ maxReceiveMessageBytes: 3 })).text).toContain("maxReceiveMessageBytes");
    expect((await outcome({ maxMetadataBytes: 10 })).text).toContain("maxMetadataBytes");
    expect((await outcome({}, `${url}/base/`)).asked[0]?.url).toBe(`${url}/base/contract.v1.Trial/Greet`);
    const credentials = () => ({ authorization: "Bearer t" });
    expect((await outcome({ credentials })).text).toMatch(/^\[UNAUTHENTICATED\]/);
    const { asked } = await outcome({ credentials, credentialsOverPlainText: true });
    expect(asked[0]?.headers.get("authorization")).toBe("Bearer t");
  });
});

describe("what fetch cannot carry says so", () => {
  test("bidirectional streams", async () => {
    const { channel, asked } = open("http://127.0.0.1:1", { protocol: "connect" });
    const chat = new TrialClient(channel).chat();
    expect(await rejection(chat.recv())).toMatchObject({
      code: status.UNIMPLEMENTED,
      details: expect.stringContaining("webSocketChannel"),
    });
    // And a loop of sends ends.
    const again = new TrialClient(channel).chat();
    const loop = async () => {
      while (await again.send({ value: "" }));
    };
    expect((await rejection(loop())).code).toBe(status.UNIMPLEMENTED);
    expect(asked).toEqual([]);
  });

  test("client streams, where requests cannot be streamed", async () => {
    const { channel } = open("http://127.0.0.1:1", { protocol: "connect", requestStreams: false });
    const upload = new TrialClient(channel).upload();
    expect(await rejection(upload.closeAndRecv())).toMatchObject({
      code: status.UNIMPLEMENTED,
      details: expect.stringContaining("webSocketChannel"),
    });
  });

  test("waitForReady", async () => {
    const { channel } = open(await echo(), { protocol: "connect" });
    const error = await rejection(new TrialClient(channel).greet({ value: "" }, { waitForReady: true }));
    expect([error.code, error.details]).toEqual([status.UNIMPLEMENTED, expect.stringContaining("waitForReady")]);
  });

  test("a fetch that throws is UNAVAILABLE with its text", async () => {
    const broken = (): never => {
      throw new Error("no network here");
    };
    const { channel } = open("http://127.0.0.1:1", { protocol: "connect", fetch: broken });
    expect(await rejection(new TrialClient(channel).greet({ value: "" }))).toMatchObject({
      code: status.UNAVAILABLE,
      details: expect.stringContaining("no network here"),
    });
  });
});

test.each([
  ["connect", "application/connect+proto", [2, 0, 0, 0, 2, 0x7b, 0x7d]],
  ["grpc-web", "application/grpc-web+proto", [0x80, 0, 0, 0, 14, ...Buffer.from("grpc-status:0\n")]],
] as const)(
  "P9 a reader that does not read stops the server over %s, and gets all in the end",
  async (protocol, type, end) => {
    const message = Buffer.concat([Buffer.from([0, 0, 0, 0x40, 4, 0x0a, 0x80, 0x80, 1]), Buffer.alloc(16_384)]);
    let sent = 0;
    const url = await rawHttp(async (_, response) => {
      response.writeHead(200, { "content-type": type });
      for (; sent < 4_000; sent++) if (!response.write(message)) await once(response, "drain");
      response.end(Buffer.from(end));
    });
    const { channel } = open(url, { protocol });
    const reader = new TrialClient(channel).download({ value: 0 });
    await reader.header;
    let last = -1;
    const standsStill = (): boolean => {
      const still = sent === last;
      last = sent;
      return still;
    };
    await expect.poll(standsStill, { interval: 300, timeout: 30_000 }).toBe(true);
    expect(sent).toBeLessThan(3_000);
    const { messages, error } = await readAll(reader);
    expect([messages.length, messages.at(-1)?.value.length, error]).toEqual([4_000, 16_384, undefined]);
  },
  60_000,
);
