import { AsyncLocalStorage } from "node:async_hooks";
import { expect, test } from "vitest";
import { callerCallbacks } from "../../../src/runtime/call/client/caller-callbacks.js";
import { Metadata } from "../../../src/runtime/index.js";

const boom = new Error("boom");
const metadata = new Metadata();

test("a call without callbacks has none", () => {
  expect(callerCallbacks({ timeoutMs: 1 })).toBeUndefined();
});

test("each gets what came, and one that is not there is passed over", () => {
  const seen: unknown[] = [];
  const one = callerCallbacks({ onHeader: (header) => void seen.push(["header", header]) });
  const other = callerCallbacks({ onTrailer: (trailer) => void seen.push(["trailer", trailer]) });
  expect([one?.("onHeader", metadata), one?.("onTrailer", metadata)]).toEqual([undefined, undefined]);
  expect([other?.("onHeader", metadata), other?.("onTrailer", metadata)]).toEqual([undefined, undefined]);
  expect(seen).toEqual([
    ["header", metadata],
    ["trailer", metadata],
  ]);
});

test("what one throws is told with its name", () => {
  const fail = () => {
    throw boom;
  };
  const callbacks = callerCallbacks({ onHeader: fail, onTrailer: fail });
  expect(callbacks?.("onHeader", metadata)).toEqual({ details: "onHeader threw: boom", cause: boom });
  expect(callbacks?.("onTrailer", metadata)).toEqual({ details: "onTrailer threw: boom", cause: boom });
});

test("what an async one rejects with ends nothing", async () => {
  const callbacks = callerCallbacks({ onHeader: () => Promise.reject(boom) as unknown as void }); // a user's slip
  expect(callbacks?.("onHeader", metadata)).toBeUndefined();
  await new Promise((resolve) => setImmediate(resolve)); // an unhandled rejection would fail the test
});

test("they run in the context in which the call was made", () => {
  const storage = new AsyncLocalStorage<string>();
  const seen: unknown[] = [];
  const callbacks = storage.run("the caller's", () =>
    callerCallbacks({ onHeader: () => void seen.push(storage.getStore()) }),
  );
  storage.run("the connection's", () => callbacks?.("onHeader", metadata));
  expect(seen).toEqual(["the caller's"]);
});
