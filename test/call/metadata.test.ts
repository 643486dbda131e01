import { expect, test } from "vitest";
import { toMetadata } from "../../src/runtime/call/start-call.js";
import { Metadata } from "../../src/runtime/index.js";

test("a plain object may hold text, bytes and lists", () => {
  const metadata = toMetadata({ "x-one": "1", "x-two": ["a", "b"], "x-raw-bin": new Uint8Array([1, 2]) });
  expect(metadata.get("x-one")).toEqual(["1"]);
  expect(metadata.get("x-two")).toEqual(["a", "b"]);
  expect(metadata.get("x-raw-bin")).toEqual([Buffer.from([1, 2])]);
});

test("a Metadata is copied: what happens to it later is not the call's business", () => {
  const given = new Metadata();
  given.set("x-one", "1");
  const taken = toMetadata(given);
  given.set("x-one", "2");
  expect(taken.get("x-one")).toEqual(["1"]);
});

test("text under a -bin key is refused, with what to give instead", () => {
  expect(() => toMetadata({ "x-raw-bin": "text" })).toThrow('metadata "x-raw-bin" takes a Uint8Array, not text');
});
