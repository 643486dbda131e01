import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { HealthClient, HealthImplementation, HealthService, ServingStatus } from "../../src/runtime/health.js";
import { inProcess } from "../../src/runtime/in-process.js";
import { RpcError, Server, status } from "../../src/runtime/index.js";
import { fails, fake, hangs, inTurn, recordTo, replayFrom, sends } from "../../src/runtime/testing.js";
import { readAll, rejection } from "../contract/harness/harness.js";
import { TrialClient, TrialService } from "../contract/harness/trial-service.js";

afterEach(() => {
  vi.useRealTimers();
});

test("answers by its handlers, UNIMPLEMENTED for the rest, and records what it was asked, typed", async () => {
  await using channel = fake(TrialService, {
    greet: ({ value }) => ({ value: `hello ${value}` }),
    async upload(call) {
      let value = 0;
      for await (const _ of call) value++;
      return { value };
    },
  });
  const client = new TrialClient(channel);
  expect((await client.greet({ value: "ann" }, { metadata: { "x-id": "7" } })).value).toBe("hello ann");
  const upload = client.upload();
  await upload.sendAll([1, 2, 3].map((n) => ({ value: Uint8Array.of(n) })));
  expect((await upload.closeAndRecv()).value).toBe(3);
  const error = await rejection(client.chat().recv());
  expect(error).toMatchObject({
    code: status.UNIMPLEMENTED,
    details: "the fake has no handler for /contract.v1.Trial/Chat",
  });

  const [greeted] = channel.calls.greet;
  expect(greeted?.requests[0]?.value).toBe("ann");
  expect(greeted?.metadata.get("x-id")).toEqual(["7"]);
  expect(greeted?.status).toMatchObject({ code: status.OK });
  expect(channel.calls.upload[0]?.requests.map(({ value }) => value[0])).toEqual([1, 2, 3]);
  expect(channel.calls.chat[0]?.status).toMatchObject({ code: status.UNIMPLEMENTED });
  expect(channel.calls.download).toEqual([]);
});

test("scripts: messages and then an error, a hang, one after the other", async () => {
  const two = [{ value: Uint8Array.of(1) }, { value: Uint8Array.of(2) }];
  await using channel = fake(TrialService, {
    download: inTurn(sends(two), sends(two, fails(status.UNAVAILABLE, "gone")), sends(two, hangs())),
    greet: hangs(),
  });
  const client = new TrialClient(channel);
  expect(await readAll(client.download({ value: 0 }))).toMatchObject({ messages: two, error: undefined });
  const failed = await readAll(client.download({ value: 0 }));
  expect(failed.messages.length).toBe(2);
  expect(failed.error).toMatchObject({ code: status.UNAVAILABLE, details: "gone" });
  const reader = client.download({ value: 0 });
  expect([(await reader.recv())?.value[0], (await reader.recv())?.value[0]]).toEqual([1, 2]);
  reader.cancel();
  expect((await reader.status).code).toBe(status.CANCELLED);
});

test("a deadline passes under fake timers", async () => {
  await using channel = fake(TrialService, { greet: hangs() });
  vi.useFakeTimers();
  const error = await rejection(new TrialClient(channel).greet({ value: "" }, { timeoutMs: 50 }));
  expect(error.code).toBe(status.DEADLINE_EXCEEDED);
});

test("a recording is readable, the same each time, and plays again", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "gen-stubs-recording-")), "health.jsonl");
  const health = new HealthImplementation({ "": "SERVING" });
  await using server = new Server().add(HealthService, health);
  await using real = inProcess(server, { interceptors: [recordTo(file)] });
  const ask = async (client: HealthClient) => {
    const { status: serving } = await client.check({});
    const { error } = await client.check({ service: "none" }).then(
      () => ({ error: undefined }),
      (thrown: unknown) => ({ error: thrown instanceof RpcError ? thrown : undefined }),
    );
    const watch = client.watch({});
    const first = await watch.recv();
    watch.cancel();
    await watch.status;
    return [serving, error?.code, first?.status];
  };
  const asked = await ask(new HealthClient(real));
  expect(asked).toEqual([ServingStatus.SERVING, status.NOT_FOUND, ServingStatus.SERVING]);
  await new Promise((resolve) => setImmediate(resolve));
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  expect(lines[0]).toBe(
    '{"method":"/grpc.health.v1.Health/Check","requests":[{}],"responses":[{"status":"SERVING"}],"code":"OK"}',
  );
  expect(lines[1]).toContain('"requests":[{"service":"none"}],"responses":[],"code":"NOT_FOUND"');
  expect(lines.length).toBe(3);

  await using played = replayFrom(file, HealthService);
  expect(await ask(new HealthClient(played))).toEqual(asked);
  expect((await rejection(new HealthClient(played).check({}))).code).toBe(status.OUT_OF_RANGE);
});

test("a file that is no recording is told with its line", () => {
  const file = join(mkdtempSync(join(tmpdir(), "gen-stubs-recording-")), "bad.jsonl");
  writeFileSync(file, '{"method":"/a/b"}\nnonsense\n');
  expect(() => replayFrom(file, HealthService)).toThrow(`${file}:2: not a line of a recording`);
});
