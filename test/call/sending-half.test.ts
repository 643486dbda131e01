import { expect, test } from "vitest";
import { SendingHalf } from "../../src/runtime/call/sending-half.js";
import { RpcError, status } from "../../src/runtime/index.js";

/** A half over a sink that has room for so many messages. Whatever fails ends it, as it ends a call. */
function gate(room: number) {
  const written: number[] = [];
  const failures: RpcError[] = [];
  const late: unknown[] = [];
  const fail = (error: RpcError) => {
    failures.push(error);
    sends.end(() => error);
  };
  const sends: SendingHalf<number> = new SendingHalf<number>({
    sendFailed: fail,
    sourceFailed: (cause) => fail(new RpcError(status.CANCELLED, "the source failed", { cause })),
    lateFailure: (error) => late.push(error),
  });
  sends.sink = {
    write(message: number): boolean {
      if (Number.isNaN(message)) throw new TypeError("not a number");
      if (message < 0) throw new RpcError(status.RESOURCE_EXHAUSTED, "too large");
      written.push(message);
      return written.length < room;
    },
  };
  return { sends, send: (message: number) => sends.send(message), written, failures, late };
}

test("while there is room every send gets the same settled promise", async () => {
  const { send } = gate(10);
  expect(send(1)).toBe(send(2));
  expect(await send(3)).toBe(true);
});

test("without room all senders share one promise, which the drain settles", async () => {
  const { send, sends, written } = gate(2);
  send(1);
  const waiting = send(2);
  expect(send(3)).toBe(waiting);
  sends.onDrain();
  expect(await waiting).toBe(true);
  expect(written).toEqual([1, 2, 3]);
});

test("waiting senders hear of the end: false for OK, the error otherwise", async () => {
  const ok = gate(1);
  const first = ok.send(1);
  ok.sends.end(undefined);
  expect(await first).toBe(false);
  expect(await ok.send(2)).toBe(false);
  const failed = gate(1);
  const second = failed.send(1);
  const error = new RpcError(status.ABORTED, "over");
  failed.sends.end(() => error);
  await expect(second).rejects.toBe(error);
  await expect(failed.send(2)).rejects.toBe(error);
});

test("a message that cannot be encoded is INTERNAL, with the codec's error as its cause", async () => {
  const { send, failures } = gate(10);
  await expect(send(Number.NaN)).rejects.toMatchObject({ code: status.INTERNAL, cause: new TypeError("not a number") });
  expect(failures.length).toBe(1);
  await expect(send(1)).rejects.toBe(failures[0]);
});

test("sendAll waits for room, and takes both kinds of iterable", async () => {
  for (const messages of [[1, 2, 3], asyncOf(1, 2, 3)]) {
    const { sends, written } = gate(2);
    const all = sends.sendAll(messages);
    for (let i = 0; i < 10; i++) {
      await Promise.resolve();
      sends.onDrain();
    }
    expect(await all).toBe(true);
    expect(written).toEqual([1, 2, 3]);
  }
});

test("an array goes in runs where the sink takes them, and waits where there is no room", async () => {
  const runs: number[][] = [];
  const { sends } = gate(1);
  const messages = [1, 2, 3, 4, 5];
  sends.sink = {
    write: () => expect.unreachable(),
    writeRun(run) {
      const taken = run.messages.slice(run.at, run.at + 2);
      run.at += taken.length;
      runs.push(taken);
      return runs.length !== 2;
    },
  };
  const all = sends.sendAll(messages);
  await Promise.resolve();
  expect(runs).toEqual([
    [1, 2],
    [3, 4],
  ]);
  messages.push(6);
  sends.onDrain();
  expect(await all).toBe(true);
  expect(runs).toEqual([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
});

test("a message of a run that cannot be encoded ends the call", async () => {
  const { sends, failures } = gate(1);
  sends.sink = {
    write: () => true,
    writeRun() {
      throw new TypeError("not a number");
    },
  };
  const error = { code: status.INTERNAL, cause: new TypeError("not a number") };
  await expect(sends.sendAll([1, 2])).rejects.toMatchObject(error);
  expect(failures).toEqual([expect.objectContaining(error)]);
  await expect(sends.sendAll([1, 2])).rejects.toBe(failures[0]);
});

test("a message over a limit keeps the limit's code", async () => {
  const { send, failures } = gate(10);
  await expect(send(-1)).rejects.toMatchObject({ code: status.RESOURCE_EXHAUSTED, details: "too large" });
  expect(failures.length).toBe(1);
});

test("sendAll of an array takes what is added while it waits, and nothing once the call is over", async () => {
  const { sends, written } = gate(2);
  const messages = [1, 2, 3];
  const all = sends.sendAll(messages);
  expect(written).toEqual([1, 2]);
  messages.push(4);
  sends.onDrain();
  await new Promise((resolve) => setImmediate(resolve));
  expect(written).toEqual([1, 2, 3]); // no room again
  sends.end(undefined);
  expect(await all).toBe(false);
  expect(written).toEqual([1, 2, 3]);
});

test("sendAll takes an array that iterates otherwise by its iterator", async () => {
  class Twice extends Array<number> {
    override *[Symbol.iterator](): ArrayIterator<number> {
      for (let i = 0; i < this.length; i++) {
        yield this[i]!;
        yield this[i]!;
      }
      return undefined;
    }
  }
  const { sends, written } = gate(10);
  expect(await sends.sendAll(Twice.of(1, 2))).toBe(true);
  expect(written).toEqual([1, 1, 2, 2]);
});

test("what an iterable throws ends the call, and sendAll rejects with it", async () => {
  const { sends, send, written, failures } = gate(10);
  const boom = new Error("boom");
  const failing = (function* () {
    yield 1;
    throw boom;
  })();
  await expect(sends.sendAll(failing)).rejects.toBe(boom);
  await expect(send(2)).rejects.toMatchObject({ code: status.CANCELLED, cause: boom });
  expect(written).toEqual([1]);
  expect(failures.length).toBe(1);
});

test("what an iterable throws once the call is over is told as late", async () => {
  const { sends, late } = gate(1);
  const boom = new Error("boom");
  const all = sends.sendAll(
    (async function* () {
      using cleanup = { [Symbol.dispose]: () => fail(boom) };
      for (;;) yield cleanup === undefined ? 0 : 1;
    })(),
  );
  await Promise.resolve();
  sends.end(undefined);
  expect(await all).toBe(false);
  await new Promise((resolve) => setImmediate(resolve));
  expect(late).toEqual([boom]);
});

test("sendAll of an endless iterable ends with the call, and the iterable's finally runs", async () => {
  const { sends } = gate(5);
  let closed = false;
  const endless = (function* () {
    try {
      for (;;) yield 1;
    } finally {
      closed = true;
    }
  })();
  const all = sends.sendAll(endless);
  const error = new RpcError(status.CANCELLED);
  sends.end(() => error);
  await expect(all).rejects.toBe(error);
  expect(closed).toBe(true);
});

function fail(error: Error): never {
  throw error;
}

async function* asyncOf(...numbers: number[]): AsyncGenerator<number> {
  yield* numbers;
}
