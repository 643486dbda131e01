import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { BytesValueSchema, StringValueSchema } from "@bufbuild/protobuf/wkt";
import { afterEach, expect, test, vi } from "vitest";
import { encoded } from "./support/sink.js";

const runtime = join(import.meta.dirname, "../../src/runtime");
const files = [
  ...readdirSync(join(runtime, "codec"), { recursive: true, encoding: "utf8" }).map((file) => join("codec", file)),
  "codec-es.ts",
  "codec-ts-proto.ts",
].filter((file) => file.endsWith(".ts"));

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

test("the codecs import nothing of Node", () => {
  expect(files.length).toBeGreaterThan(20);
  const wrong = files.filter((file) =>
    /from "node:|import\("node:|require\(/.test(readFileSync(join(runtime, file), "utf8")),
  );
  expect(wrong).toEqual([]);
});

/** The codec as it is loaded where Node's globals are missing: in browsers and on Workers. */
async function withoutNode() {
  vi.resetModules();
  vi.stubGlobal("Buffer", undefined);
  const { es } = await import("../../src/runtime/codec-es.js");
  const platform = await import("../../src/runtime/codec/es/platform.js");
  expect(platform.NodeBuffer).toBeUndefined();
  expect(platform.isAscii).toBeUndefined();
  return es;
}

test("strings of all lengths, without Node's globals", async () => {
  const cases = [0, 1, 15, 16, 42, 43, 127, 128, 2_047, 2_048, 4_095, 4_096, 70_000].flatMap((length) =>
    ["a", "é", "漢", "😀", "\ud800", "\ufeff"].map((character) => {
      const value = character.repeat(length / character.length);
      return { value, bytes: toBinary(StringValueSchema, create(StringValueSchema, { value })) };
    }),
  );
  const es = await withoutNode();
  for (const { value, bytes } of cases) {
    expect(encoded(es(StringValueSchema), { value })).toEqual(bytes);
    // What protobuf-es makes of unpaired surrogates and of byte order marks differs by version: it decides in both.
    if (!/[\ud800\ufeff]/.test(value[0] ?? "")) expect(es(StringValueSchema).decode(bytes).value).toBe(value);
  }
});

test("bytes, without Node's globals", async () => {
  const value = new Uint8Array(5_000).fill(7);
  const es = await withoutNode();
  const message = es(BytesValueSchema).decode(encoded(es(BytesValueSchema), { value }));
  expect(message.value).toEqual(value);
  expect(Object.getPrototypeOf(message.value)).toBe(Uint8Array.prototype);
});

test("where buffers cannot be kept from being moved, each part has its own", async () => {
  vi.resetModules();
  const getBuiltinModule = (id: string) =>
    id !== "worker_threads"
      ? undefined
      : {
          markAsUntransferable() {
            throw new Error("not implemented");
          },
        };
  vi.stubGlobal("process", Object.assign(Object.create(process), { getBuiltinModule }));
  const { es } = await import("../../src/runtime/codec-es.js");
  const bytes = toBinary(BytesValueSchema, create(BytesValueSchema, { value: new Uint8Array(100).fill(3) }));
  const chunk = new Uint8Array([...bytes, ...bytes]);
  const { value } = es(BytesValueSchema).decodePart!(chunk, 0, bytes.length);
  expect(value).toStrictEqual(new Uint8Array(100).fill(3));
  expect(value.buffer.byteLength).toBe(100);
});
