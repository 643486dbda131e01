import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Channel, connect } from "gen-stubs-runtime";
import { HealthClient, ServingStatus } from "gen-stubs-runtime/health";
import { afterEach, expect, test, vi } from "vitest";
import { repository } from "../support/packed.js";
import { type Background, background, runOk } from "../support/shell.js";

const dist = join(repository, "examples/dist");
const started: Background[] = [];
const channels: Channel[] = [];

interface Chat extends AsyncDisposable {
  send(message: { message: string }): Promise<boolean>;
  recv(): Promise<{ message: string } | undefined>;
  closeSend(): Promise<void>;
}

/** What is called here of the example's generated client; its build comes after the types of this file are checked. */
interface DataClient {
  getData(request: { id: string }): Promise<{ name: string }>;
  chat(): Chat;
}

async function dataClient(address: string): Promise<DataClient> {
  const { DataServiceClient } = await import(pathToFileURL(join(dist, "gen/data_grpc.js")).href);
  const channel = connect(`http://${address}`, { initialBackoffMs: 10, maxBackoffMs: 100 });
  channels.push(channel);
  return new DataServiceClient(channel);
}

async function clean(): Promise<void> {
  await Promise.all(channels.splice(0).map((channel) => channel.close()));
  await Promise.all(started.splice(0).map((process) => process.stop("SIGKILL")));
}

/** The tests of `examples/fleet`, for the file that has built the examples. */
export function fleet(): void {
  test("three servers and a client; each server is replaced, and no call fails", async () => {
    const { stdout } = await runOk([process.execPath, "fleet/local.js"], { cwd: dist });
    const lines = stdout.trimEnd().split("\n");
    expect(lines.at(-1)).toMatch(/^[1-9]\d+ calls, 0 failed$/);
    for (const name of ["one", "two", "three", "new 1", "new 2", "new 3"])
      expect(stdout).toMatch(new RegExp(`\\b${name} \\d`));
  }, 60_000);
}

/** The tests of `examples/cluster`, for the file that has built the examples. */
export function cluster(): void {
  afterEach(clean);

  async function serve(ageMs: number): Promise<{ server: Background; address: string }> {
    const server = background([process.execPath, "cluster/server.js", "127.0.0.1:0", "2", String(ageMs)], {
      cwd: dist,
    });
    started.push(server);
    return { server, address: (await server.line).replace("listening on ", "") };
  }

  test("connections that are open move to other workers with time, and to one that took over", async () => {
    const { server, address } = await serve(300);
    const clients = await Promise.all(Array.from({ length: 4 }, () => dataClient(address)));
    const seen = clients.map(() => new Set<string>());
    const ask = async (): Promise<void> => {
      await Promise.all(clients.map(async (one, at) => void seen[at]?.add((await one.getData({ id: "x" })).name)));
    };
    const moved = async (): Promise<void> => {
      await ask();
      expect(seen.map(({ size }) => size >= 2)).toEqual([true, true, true, true]);
    };
    await vi.waitFor(moved, { timeout: 30_000, interval: 20 });
    const [victim = ""] = seen[0] ?? [];
    process.kill(Number(victim.replace("worker ", "")), "SIGKILL");
    await server.printed(/^worker \d+ is gone \(SIGKILL\)\nworker \d+ takes over$/m);
    const successor = /worker \d+(?= takes over)/.exec(server.output())?.[0] ?? "";
    await vi.waitFor(
      async () => {
        await ask();
        expect(seen.every((names) => names.has(successor))).toBe(true);
      },
      { timeout: 30_000, interval: 20 },
    );
  }, 70_000);

  test("SIGTERM ends all workers as one: NOT_SERVING, open calls finish", async () => {
    const { server, address } = await serve(60_000);
    const clients = await Promise.all(Array.from({ length: 4 }, () => dataClient(address)));
    const chats = clients.map((one) => one.chat());
    for (const chat of chats) {
      await chat.send({ message: "before" });
      expect((await chat.recv())?.message).toBe("before");
    }
    const health = channels.map((channel) => new HealthClient(channel).watch({ service: "" }));
    for (const watch of health) expect((await watch.recv())?.status).toBe(ServingStatus.SERVING);
    process.kill(server.child.pid ?? 0, "SIGTERM");
    for (const watch of health) expect((await watch.recv())?.status).toBe(ServingStatus.NOT_SERVING);
    for (const watch of health) watch.cancel();
    for (const chat of chats) {
      await chat.send({ message: "after" });
      expect((await chat.recv())?.message).toBe("after");
      await chat.closeSend();
      expect(await chat.recv()).toBeUndefined();
    }
    expect(await server.ended).toBe(0);
    expect(server.output()).toMatch(/\nstopped\n$/);
  }, 30_000);

  test("calls a second by workers are measured", async () => {
    const { stdout } = await runOk([process.execPath, "cluster/measure.js", "1", "2"], { cwd: dist });
    expect(stdout).toMatch(/^1 worker: [1-9]\d+ calls a second\n2 workers: [1-9]\d+ calls a second\n$/);
  }, 60_000);
}
