import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { connect, RpcError, Server, status } from "../../../src/runtime/index.js";
import { kill } from "../../contract/harness/child.js";
import { rejection } from "../../contract/harness/harness.js";
import { TrialClient, TrialService, withDefaults } from "../../contract/harness/trial-service.js";
import { connectWith, RETRY, setUp, until } from "./setting.js";

/** A server of `peer-server.mjs`, and the port it printed. */
async function peer(failures: string): Promise<{ child: ChildProcess; port: number; said: string[] }> {
  const script = fileURLToPath(new URL("./peer-server.mjs", import.meta.url));
  const child = spawn(process.execPath, [script, failures], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said: string[] = [];
  const [first] = await once(child.stdout, "data");
  child.stdout.on("data", (chunk) => said.push(String(chunk)));
  return { child, port: Number(String(first)), said };
}

test("a grpc-js server that fails each call three times: all four kinds", async () => {
  const { port } = await peer("3");
  const channel = connectWith(port);
  const client = new TrialClient(channel);
  expect((await client.greet({ value: "ann" })).value).toBe("ann");
  const downloaded: number[] = [];
  for await (const { value } of client.download({ value: 3 })) downloaded.push(value[0] ?? -1);
  expect(downloaded).toEqual([0, 1, 2]);
  const upload = client.upload();
  for (let i = 0; i < 100; i++) await upload.send({ value: new Uint8Array(100) });
  expect((await upload.closeAndRecv()).value).toBe(100);
  const chat = client.chat();
  await chat.send({ value: "a" });
  expect((await chat.recv())?.value).toBe("a");
  await chat.send({ value: "b" });
  expect((await chat.recv())?.value).toBe("b");
  await chat.closeSend();
  expect(await chat.recv()).toBeUndefined();
  expect(channel.stats?.()).toMatchObject({ calls: { started: 4, succeeded: 4, failed: 0 }, retries: { retries: 12 } });
});

test("a server that is killed during calls: they are sent to the one that comes in its place", async () => {
  const { child, port, said } = await peer("hang");
  const serviceConfig = {
    methodConfig: [
      { name: [{}], waitForReady: true, retryPolicy: { ...RETRY, retryableStatusCodes: ["UNAVAILABLE"] } },
    ],
  };
  const channel = connect(`http://127.0.0.1:${port}`, { serviceConfig, initialBackoffMs: 50, maxBackoffMs: 100 });
  onTestFinished(() => channel.close());
  const client = new TrialClient(channel);
  const greetings = Array.from({ length: 20 }, (_, index) => client.greet({ value: `${index}` }));
  await until(() => said.join("").match(/called/g)?.length === 20);
  const upload = client.upload();
  for (let i = 0; i < 50; i++) await upload.send({ value: new Uint8Array(1000) });
  await kill(child);

  const server = new Server().add(
    TrialService,
    withDefaults({
      greet: (request) => request,
      async upload(call) {
        let bytes = 0;
        for await (const { value } of call) bytes += value.length;
        await call.sendAndClose({ value: bytes });
      },
    }),
  );
  await server.listen(`127.0.0.1:${port}`);
  onTestFinished(() => server.shutdown({ graceMs: 0 }));
  expect((await Promise.all(greetings)).map(({ value }) => Number(value))).toEqual([...greetings.keys()]);
  expect((await upload.closeAndRecv()).value).toBe(50_000);
  expect(channel.stats?.().calls).toEqual({ started: 21, succeeded: 21, failed: 0 });
});

test("an upload of 100,000 messages goes past the buffer: all arrive, and what waits here stays little", async () => {
  let most = 0;
  const { client, channel } = await setUp({
    async upload(call) {
      let messages = 0;
      for await (const { value } of call) {
        messages += value.length / 1000;
        if (messages % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await call.sendAndClose({ value: messages });
    },
  });
  const call = client.upload();
  const message = { value: new Uint8Array(1000) };
  for (let i = 0; i < 100_000; i++) {
    expect(await call.send(message)).toBe(true);
    if (i % 100 > 0) continue;
    const stats = channel.stats?.();
    most = Math.max(most, (stats?.queuedBytes ?? 0) + (stats?.retries?.bufferedBytes ?? 0));
  }
  expect((await call.closeAndRecv()).value).toBe(100_000);
  // The buffer of the call, what waits for the peer's window up to the mark, and one message.
  expect(most).toBeLessThan(256 * 1024 + 160 * 1024 + 1100);
  expect(most).toBeGreaterThan(100_000);
  expect(channel.stats?.().retries).toMatchObject({ overflowed: 1, bufferedBytes: 0 });
}, 120_000);

test("a failure after the buffer was full is the call's end", async () => {
  let calls = 0;
  const { client } = await setUp({
    async upload(call) {
      calls++;
      for await (const _ of call) if (++messages === 1000) throw new RpcError(status.UNAVAILABLE, "enough");
    },
  });
  let messages = 0;
  const call = client.upload();
  const sent = async (): Promise<void> => {
    for (let i = 0; i < 100_000; i++) await call.send({ value: new Uint8Array(1000) });
  };
  expect(await rejection(sent())).toMatchObject({ code: status.UNAVAILABLE, details: "enough" });
  expect(calls).toBe(1);
});
