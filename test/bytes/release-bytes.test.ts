import { expect, onTestFinished, test, vi } from "vitest";
import { ReleasedMemory } from "../../src/runtime/bytes/released-memory.js";
import { releaseBytes } from "../../src/runtime/bytes.js";
import { randomBytes, serve, sha256 } from "./support.js";

const KiB = 1024;

/** Sizes of chunks in files, whole in a read or not, by turns. */
const sizes = Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? 20 : 64) * KiB);
const pieces = sizes.map((size, index) => randomBytes(size, index + 1));
const hashes = pieces.map((piece) => sha256(piece));

/** How often released memory was used again. */
function countReuse(): () => number {
  const take = vi.spyOn(ReleasedMemory.prototype, "take");
  onTestFinished(() => take.mockRestore());
  return () => take.mock.results.filter(({ value }) => value !== undefined).length;
}

test("messages that are released serve for later ones, of which each has its own bytes", async () => {
  const reused = countReuse();
  const { client } = await serve({
    async download(_, call) {
      for (const value of pieces) await call.send({ value });
    },
  });
  const came: string[] = [];
  for await (const { value } of client.download({ value: 0 })) {
    came.push(sha256(value));
    releaseBytes(value);
    expect(value).toHaveLength(0);
  }
  expect(came).toEqual(hashes);
  expect(reused()).toBeGreaterThan(0);
});

test("a server releases its requests so, also when it has sent them on; what is kept stays as it was", async () => {
  const reused = countReuse();
  const kept: Uint8Array[] = [];
  const back: string[] = [];
  const echo = await serve({
    async download(_, call) {
      for (const value of pieces) {
        const own = value.slice();
        await call.send({ value: own });
        releaseBytes(own);
      }
    },
    async upload(call) {
      for await (const { value } of call) {
        if (kept.length < 30) kept.push(value);
        else releaseBytes(value);
      }
      return { value: kept.length };
    },
  });
  const upload = echo.client.upload();
  for await (const { value } of echo.client.download({ value: 0 })) {
    await upload.send({ value });
    back.push(sha256(value));
    releaseBytes(value);
  }
  expect(await upload.closeAndRecv()).toMatchObject({ value: 30 });
  expect(back).toEqual(hashes);
  expect(kept.map((value) => sha256(value))).toEqual(hashes.slice(0, 30));
  expect(reused()).toBeGreaterThan(0);
});

const large = 64 * KiB;

/** TypeScript has it in its library for browsers alone. */
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: { readonly Memory: new (pages: { initial: number }) => { readonly buffer: ArrayBuffer } };
};

test.each([
  ["a message's own", () => new Uint8Array(large), 0],
  ["most of a message", () => new Uint8Array(large).subarray(5, 60 * KiB), 0],
  ["half of a buffer", () => new Uint8Array(large).subarray(0, large / 2), large / 2],
  ["few", () => new Uint8Array(16 * KiB - 1), 16 * KiB - 1],
  ["none", () => new Uint8Array(0), 0],
  ["shared", () => new Uint8Array(new SharedArrayBuffer(large)), large],
  ["a WebAssembly instance's", () => new Uint8Array(new WebAssembly.Memory({ initial: 1 }).buffer), large],
  // TypeScript's library for ES2022 does not know the option.
  ["resizable", () => new Uint8Array(Reflect.construct(ArrayBuffer, [large, { maxByteLength: 2 * large }])), large],
])("bytes that are %s", (_, make, left) => {
  const bytes = make();
  releaseBytes(bytes);
  expect(bytes).toHaveLength(left);
  // Once more: nothing happens.
  releaseBytes(bytes);
  expect(bytes).toHaveLength(left);
});
