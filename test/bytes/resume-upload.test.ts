import { Readable } from "node:stream";
import { describe, expect, onTestFinished, test } from "vitest";
import { type ResumeUploadOptions, resumeUpload, type UploadResumeEvent } from "../../src/runtime/bytes.js";
import { connect, RpcError, type ServerReader, status } from "../../src/runtime/index.js";
import { rejection } from "../contract/harness/harness.js";
import { TrialClient } from "../contract/harness/trial-service.js";
import { Random } from "../harness/random.js";
import { Relay } from "../harness/relay/index.js";
import { randomBytes, serve, sha256, withResolvers } from "./support.js";

type Init = { value: Uint8Array };

const toMessage = (value: Uint8Array): Init => ({ value });
const quick = { initialBackoffMs: 1, maxBackoffMs: 5 };
const from =
  (bytes: Uint8Array) =>
  (offset: number): Readable =>
    Readable.from([bytes.subarray(offset)]);

/** A server that keeps what it got, and a client that uploads to it. `end`: what the nth call does when it has had `bytes` bytes. */
async function storing(ends: readonly { readonly bytes: number; readonly with: keyof typeof status | "never" }[] = []) {
  const pieces: Uint8Array[] = [];
  const offsets: number[] = [];
  let [have, turn, open, mostOpen] = [0, 0, 0, 0];
  const { client, port } = await serve({
    chat: () => new Promise(() => {}),
    greet() {
      turn++; // from here on an older call gives nothing
      return { value: String(have) };
    },
    async upload(call) {
      const mine = turn;
      const end = ends[offsets.length];
      offsets.push(Number(call.metadata.get("offset")[0]));
      mostOpen = Math.max(mostOpen, ++open);
      try {
        await take(call, () => mine === turn, end);
      } finally {
        open--;
      }
      return { value: have };
    },
  });
  async function take(
    call: ServerReader<Init, unknown>,
    isMine: () => boolean,
    end: (typeof ends)[number] | undefined,
  ) {
    let got = 0;
    for await (const { value } of call) {
      if (!isMine()) throw new RpcError(status.ABORTED, "a newer call goes on");
      pieces.push(value);
      have += value.length;
      got += value.length;
      if (end === undefined || got < end.bytes) continue;
      if (end.with === "OK") return;
      if (end.with !== "never") throw new RpcError(Number(status[end.with]), "scripted");
      await new Promise((_, reject) => call.signal.addEventListener("abort", () => reject(call.signal.reason)));
    }
  }
  const acknowledged = async (signal?: AbortSignal) => Number((await client.greet({ value: "" }, { signal })).value);
  const open_ = (offset: number, through: TrialClient = client) =>
    through.upload({ metadata: { offset: String(offset) } });
  const upload = (bytes: Uint8Array, options: Partial<ResumeUploadOptions<Init>> = {}) =>
    resumeUpload(open_, from(bytes), { acknowledged, toMessage, chunkBytes: 10_000, ...quick, ...options });
  return {
    client,
    port,
    offsets,
    upload,
    acknowledged,
    open: open_,
    received: () => sha256(...pieces),
    mostOpen: () => mostOpen,
  };
}

const bytes = randomBytes(100_000);

describe("an upload", () => {
  test("goes on from what the server has, after every status that is no last word", async () => {
    const server = await storing([
      { bytes: 20_000, with: "UNAVAILABLE" },
      { bytes: 30_000, with: "DEADLINE_EXCEEDED" },
      { bytes: 10_000, with: "UNAVAILABLE" },
    ]);
    const [events, progress]: [UploadResumeEvent[], number[]] = [[], []];
    const response = await server.upload(bytes, {
      onResume: (event) => events.push(event),
      onProgress: (sentBytes) => progress.push(sentBytes),
    });
    expect(response.value).toBe(100_000);
    expect(server.received()).toBe(sha256(bytes));
    expect(server.offsets).toEqual([0, 20_000, 50_000, 60_000]);
    expect(events.map(({ attempt, error }) => [attempt, error.code])).toEqual([
      [1, status.UNAVAILABLE],
      [2, status.DEADLINE_EXCEEDED],
      [3, status.UNAVAILABLE],
    ]);
    expect(progress.at(-1)).toBe(100_000);
  });

  test("of an earlier run goes on; one that was whole is answered", async () => {
    const server = await storing([{ bytes: 40_000, with: "PERMISSION_DENIED" }]);
    expect((await rejection(server.upload(bytes))).code).toBe(status.PERMISSION_DENIED);
    expect((await server.upload(bytes)).value).toBe(100_000);
    expect((await server.upload(bytes)).value).toBe(100_000);
    expect(server.offsets).toEqual([0, 40_000, 100_000]);
    expect(server.received()).toBe(sha256(bytes));
  });

  test.each(Array.from({ length: 6 }, (_, i) => i + 1))(
    "is whole behind a relay that cuts it ten times, seed %i",
    async (seed) => {
      const server = await storing();
      const whole = randomBytes(1_000_000, seed);
      const random = new Random(seed);
      let cuts = 0;
      const relay = await Relay.start({ target: { port: server.port }, seed }, ({ toServer, toClient }, index) => {
        const way = random.below(8) === 0 ? toClient : toServer;
        way.at(Math.round((way === toClient ? 100 : 150_000) ** random.next()), () => {
          if (cuts >= 10) return;
          cuts++;
          const connection = relay.connections[index];
          if (random.below(2) === 0) connection?.close();
          else connection?.reset();
        });
      });
      onTestFinished(() => relay.close());
      const channel = connect(`http://127.0.0.1:${relay.port}`, { initialBackoffMs: 1, maxBackoffMs: 5 });
      onTestFinished(() => channel.close());
      const through = new TrialClient(channel);
      const response = await resumeUpload((offset) => server.open(offset, through), from(whole), {
        acknowledged: async (signal) => BigInt((await through.greet({ value: "" }, { signal })).value),
        toMessage,
        ...quick,
      });
      expect(response.value).toBe(whole.length);
      expect(server.received()).toBe(sha256(whole));
      expect(cuts).toBeGreaterThan(0);
    },
  );

  test("one call at a time", async () => {
    const ends = Array.from({ length: 5 }, () => ({ bytes: 10_000, with: "UNAVAILABLE" }) as const);
    const server = await storing(ends);
    await server.upload(bytes);
    expect(server.mostOpen()).toBe(1);
  });

  test("that the server answers early ends so", async () => {
    const server = await storing([{ bytes: 20_000, with: "OK" }]);
    expect((await server.upload(bytes)).value).toBe(20_000);
    expect(server.offsets).toEqual([0]);
  });

  test("gives a silent call up", async () => {
    const server = await storing([{ bytes: 20_000, with: "never" }]);
    const codes: status[] = [];
    const large = randomBytes(2_000_000); // more than the windows hold
    await server.upload(large, { idleTimeoutMs: 200, onResume: ({ error }) => codes.push(error.code) });
    expect(new Set(codes)).toEqual(new Set([status.DEADLINE_EXCEEDED]));
    expect(server.received()).toBe(sha256(large));
  });

  test("waits for a slow source as long as it takes", async () => {
    const server = await storing();
    let [isSlow, isFirst] = [false, true];
    const ended: boolean[] = [];
    const slow = async function* (offset: number) {
      yield bytes.subarray(offset, offset + 50_000);
      isSlow = isFirst;
      // Calls that are really silent, one after another.
      for (const _ of isFirst ? [1, 2, 3] : []) await server.client.chat({ idleTimeoutMs: 50 }).status;
      [isSlow, isFirst] = [false, false];
      yield bytes.subarray(offset + 50_000);
    };
    const response = await resumeUpload(server.open, slow, {
      acknowledged: server.acknowledged,
      toMessage,
      ...quick,
      idleTimeoutMs: 50,
      onResume: () => ended.push(isSlow),
    });
    expect(response.value).toBe(100_000);
    expect(ended).not.toContain(true);
  });
});

describe("ends", () => {
  test("with what is no reason to go on, by status and by maxAttempts", async () => {
    const server = await storing([{ bytes: 10_000, with: "FAILED_PRECONDITION" }]);
    expect((await rejection(server.upload(bytes))).code).toBe(status.FAILED_PRECONDITION);
    const busy = await storing(Array.from({ length: 3 }, () => ({ bytes: 10_000, with: "UNAVAILABLE" }) as const));
    expect((await rejection(busy.upload(bytes, { maxAttempts: 3 }))).code).toBe(status.UNAVAILABLE);
    expect(busy.offsets.length).toBe(3);
  });

  test("statuses are an option", async () => {
    const server = await storing([{ bytes: 10_000, with: "ABORTED" }]);
    expect((await server.upload(bytes, { statuses: { ABORTED: "resume" } })).value).toBe(100_000);
    const other = await storing([{ bytes: 10_000, with: "UNAVAILABLE" }]);
    expect((await rejection(other.upload(bytes, { statuses: { UNAVAILABLE: "end" } }))).code).toBe(status.UNAVAILABLE);
  });

  test("at once by the signal: before, in a call, in a wait", async () => {
    const server = await storing([{ bytes: 10_000, with: "never" }]);
    const before = await rejection(server.upload(bytes, { signal: AbortSignal.abort("no") }));
    expect(before).toMatchObject({ code: status.CANCELLED, cause: "no" });
    expect(server.offsets).toEqual([]);

    const abort = new AbortController();
    const source = new Readable({ read() {} });
    const closed = new Promise((resolve) => source.once("close", resolve));
    const begun = withResolvers();
    const inCall = resumeUpload(
      (offset) => {
        begun.resolve();
        return server.open(offset);
      },
      () => source,
      { acknowledged: server.acknowledged, toMessage, signal: abort.signal },
    );
    await begun.promise;
    abort.abort("enough");
    expect(await rejection(inCall)).toMatchObject({ code: status.CANCELLED, cause: "enough" });
    await closed;

    const waits = await storing([{ bytes: 10_000, with: "UNAVAILABLE" }]);
    const other = new AbortController();
    const inWait = waits.upload(bytes, {
      signal: other.signal,
      initialBackoffMs: 3_600_000,
      maxBackoffMs: 3_600_000,
      onResume: () => other.abort("enough"),
    });
    expect(await rejection(inWait)).toMatchObject({ code: status.CANCELLED, cause: "enough" });
    expect(waits.offsets.length).toBe(1);
  });

  test("and the question for the offset hears of it", async () => {
    const server = await storing();
    const abort = new AbortController();
    const asked = withResolvers<AbortSignal>();
    const upload = server.upload(bytes, {
      signal: abort.signal,
      acknowledged: (signal) => {
        asked.resolve(signal);
        return new Promise(() => {});
      },
    });
    const signal = await asked.promise;
    abort.abort();
    expect((await rejection(upload)).code).toBe(status.CANCELLED);
    expect(signal.aborted).toBe(true);
  });

  const boom = new Error("boom");
  const fail = (): never => {
    throw boom;
  };
  test.each([
    ["acknowledged", { acknowledged: fail }],
    ["acknowledged, later", { acknowledged: () => Promise.reject(boom) }],
    ["toMessage", { toMessage: fail }],
    ["onProgress", { onProgress: fail }],
    ["onResume", { onResume: fail }],
    ["statuses", { statuses: fail }],
  ])("with CANCELLED where %s throws, whatever statuses says (P20)", async (name, options) => {
    const server = await storing([{ bytes: 10_000, with: "UNAVAILABLE" }]);
    const error = await rejection(server.upload(bytes, { statuses: { CANCELLED: "resume" }, ...options }));
    expect(error).toMatchObject({ code: status.CANCELLED, cause: boom });
    expect(error.details, name).toMatch(/ failed: boom$/);
  });

  test("with CANCELLED where the source fails, or cannot be opened", async () => {
    const server = await storing();
    const options = { acknowledged: server.acknowledged, toMessage };
    const broken = () => new Readable({ read: fail });
    expect(await rejection(resumeUpload(server.open, broken, options))).toMatchObject({
      code: status.CANCELLED,
      cause: boom,
    });
    expect(await rejection(resumeUpload(server.open, fail, options))).toMatchObject({
      code: status.CANCELLED,
      cause: boom,
    });
    expect(await rejection(resumeUpload(fail, from(bytes), options))).toMatchObject({
      code: status.CANCELLED,
      cause: boom,
    });
  });

  test.each([[-1], [1.5], [Number.NaN], [2n ** 60n]])("with INTERNAL where the offset is %d", async (offset) => {
    const server = await storing();
    const error = await rejection(server.upload(bytes, { acknowledged: () => offset }));
    expect(error).toMatchObject({ code: status.INTERNAL });
    expect(error.details).toMatch(/^acknowledged\(\) gave .*; it must give a whole number of bytes, at least 0$/);
  });

  test.each([
    [{ chunk: 1 }, /resumeUpload knows no option "chunk"/],
    [{ acknowledged: undefined }, /resumeUpload needs acknowledged, a function/],
    [{ toMessage: undefined }, /resumeUpload needs toMessage, a function/],
    [{ chunkBytes: 0 }, /chunkBytes is 0/],
    [{ maxAttempts: 0 }, /maxAttempts is 0/],
  ])("at once with a TypeError for %j", (options, text) => {
    const given = { acknowledged: () => 0, toMessage, ...options } as never;
    expect(() => resumeUpload(fail, from(bytes), given)).toThrow(text);
  });
});
