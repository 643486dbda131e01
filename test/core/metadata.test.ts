import * as grpc from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { toMetadata } from "../../src/runtime/call/client/metadata-init.js";
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

test("grpc-js's Metadata is taken by its shape, values and all", () => {
  const theirs = new grpc.Metadata();
  theirs.set("x-one", "1");
  theirs.add("x-raw-bin", Buffer.from([0, 255]));
  theirs.add("x-raw-bin", Buffer.from([]));
  const taken = toMetadata(theirs);
  expect(taken).toBeInstanceOf(Metadata);
  expect(taken.get("X-One")).toEqual(["1"]);
  expect(taken.get("x-raw-bin").map((value) => [...Buffer.from(value)])).toEqual([[0, 255], []]);
});

test("keys are lower case, values keep their order, and what is given out is nobody else's", () => {
  const metadata = new Metadata();
  metadata.add("X-A", "1");
  metadata.add("x-a", "2");
  metadata.get("x-a").push("3");
  expect(metadata.get("X-a")).toEqual(["1", "2"]);
  const copy = metadata.clone();
  copy.set("x-a", "9");
  copy.remove("X-A");
  expect(metadata.getMap()).toEqual({ "x-a": "1" });
  expect(copy.size).toBe(0);
});

test.each([
  ["a space", "x a", "1"],
  ["a pseudo-header", ":path", "1"],
  ["nothing", "", "1"],
  ["a line break in the value", "x-a", "a\r\nb"],
  ["text beyond ASCII", "x-a", "é"],
])("%s cannot be sent, and the error names the key", (_, key, value) => {
  expect(() => new Metadata().set(key, value)).toThrow(TypeError);
  expect(() => new Metadata().add(key, value)).toThrow(JSON.stringify(key));
});

test("names that an object has of its own are keys as any other", () => {
  const metadata = toMetadata(JSON.parse('{"__proto__": "p", "constructor": "c"}'));
  expect(metadata.get("__proto__")).toEqual(["p"]);
  expect(metadata.getMap()).toHaveProperty("__proto__", "p");
  expect(JSON.stringify(metadata)).toBe('{"__proto__":["p"],"constructor":["c"]}');
  expect(Object.keys(metadata.toHttp2Headers())).toEqual(["__proto__", "constructor"]);
});

test("several binary values in one header, with and without padding", () => {
  const metadata = new Metadata();
  metadata.addReceived("x-bin", "AQ==, AQI,AQID");
  expect(metadata.get("x-bin").map((value) => value.length)).toEqual([1, 2, 3]);
  expect(metadata.toHttp2Headers()["x-bin"]).toEqual(["AQ", "AQI", "AQID"]);
});
