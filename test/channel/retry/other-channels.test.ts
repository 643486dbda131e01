import { credentials } from "@grpc/grpc-js";
import { describe, expect, onTestFinished, test } from "vitest";
import { grpcJsChannel } from "../../../src/runtime/grpc-js.js";
import { inProcess } from "../../../src/runtime/in-process.js";
import { type Channel, RpcError, Server, status } from "../../../src/runtime/index.js";
import { withServiceConfig } from "../../../src/runtime/service-config.js";
import { rejection } from "../../contract/harness/harness.js";
import { TrialClient, TrialService, withDefaults } from "../../contract/harness/trial-service.js";
import { failing, RETRY } from "./setting.js";

const CONFIG = { methodConfig: [{ name: [{}], retryPolicy: RETRY }] };

describe.each<[name: string, open: (server: Server) => Promise<Channel>]>([
  ["inProcess with a serviceConfig", async (server) => inProcess(server, { serviceConfig: CONFIG })],
  ["withServiceConfig around inProcess", async (server) => withServiceConfig(inProcess(server), CONFIG)],
  [
    "withServiceConfig around grpcJsChannel",
    async (server) => {
      const { port } = await server.listen("127.0.0.1:0");
      return withServiceConfig(
        grpcJsChannel(`127.0.0.1:${port}`, credentials.createInsecure()),
        JSON.stringify(CONFIG),
      );
    },
  ],
])("%s", (_, open) => {
  test("all four kinds are sent again", async () => {
    const fails = { greet: failing(2), download: failing(2), upload: failing(2), chat: failing(2) };
    const server = new Server({ onError: () => {} }).add(
      TrialService,
      withDefaults({
        greet(request) {
          fails.greet();
          return request;
        },
        async *download({ value }) {
          fails.download();
          for (let i = 0; i < value; i++) yield { value: Uint8Array.of(i) };
        },
        async upload(call) {
          let messages = 0;
          for await (const _ of call) messages++;
          fails.upload();
          await call.sendAndClose({ value: messages });
        },
        async *chat(call) {
          const first = await call.recv();
          fails.chat();
          if (first !== undefined) yield first;
          yield* call;
        },
      }),
    );
    onTestFinished(() => server.shutdown({ graceMs: 0 }));
    const channel = await open(server);
    onTestFinished(() => channel.close());
    const client = new TrialClient(channel);
    expect((await client.greet({ value: "a" })).value).toBe("a");
    const downloaded: number[] = [];
    for await (const { value } of client.download({ value: 3 })) downloaded.push(value[0] ?? -1);
    expect(downloaded).toEqual([0, 1, 2]);
    const upload = client.upload();
    for (let i = 0; i < 10; i++) await upload.send({ value: new Uint8Array(10) });
    expect((await upload.closeAndRecv()).value).toBe(10);
    const chat = client.chat();
    await chat.send({ value: "b" });
    expect((await chat.recv())?.value).toBe("b");
    await chat.closeSend();
    expect(await chat.recv()).toBeUndefined();
  });
});

test("grpc-js's own channel names its own option", () => {
  const options: object = { serviceConfig: CONFIG };
  expect(() => grpcJsChannel("localhost:1", credentials.createInsecure(), options)).toThrow("grpc.service_config");
});

test("withServiceConfig knows its options, and names what is wrong with a config", async () => {
  const server = new Server().add(
    TrialService,
    withDefaults({
      greet: () => {
        throw new RpcError(status.UNAVAILABLE, "no");
      },
    }),
  );
  const inner = inProcess(server);
  const wrong: object = { retry: false };
  expect(() => withServiceConfig(inner, CONFIG, wrong)).toThrow('withServiceConfig knows no option "retry"');
  expect(() => withServiceConfig(inner, "{")).toThrow("serviceConfig is no JSON");
  const channel = withServiceConfig(inner, CONFIG, { retries: false });
  onTestFinished(() => channel.close());
  await rejection(new TrialClient(channel).greet({ value: "" }));
  expect(channel.stats?.().retries?.retries).toBe(0);
  expect([channel.origin, channel.state]).toEqual([inner.origin, "ready"]);
});
