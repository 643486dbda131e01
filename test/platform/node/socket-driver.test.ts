import { Duplex } from "node:stream";
import { expect, test } from "vitest";
import type { Batch } from "../../../src/runtime/h2/index.js";
import { type Driven, SocketDriver } from "../../../src/runtime/platform/node/socket-driver.js";

/** A connection that writes its memory again as soon as it is done with. */
function reusing(sizes: readonly (readonly number[])[]): Driven {
  const free: Uint8Array[] = [];
  const waiting = [...sizes];
  let taken = 0;
  return {
    receive() {},
    receiveEnd() {},
    take() {
      const lengths = waiting.shift();
      if (lengths === undefined) return undefined;
      const block = free.pop() ?? new Uint8Array(100_000);
      block.fill(++taken);
      let length = 0;
      const pieces: Uint8Array[] = [];
      for (const size of lengths) {
        pieces.push(block.subarray(length, length + size));
        length += size;
      }
      return { block, pieces, length } as unknown as Batch; // the driver looks at no more
    },
    done: (batch) => void free.push((batch as unknown as { block: Uint8Array }).block), // as above
  };
}

// As `Duplex.from({ readable, writable })` does: https://github.com/nodejs/node/blob/v20.x/lib/internal/streams/duplexify.js
test.each([[[100]], [[40_000]], [[100, 200]], [[30_000, 50_000]]])(
  "what a stream holds that only says it is done stays as it was: pieces of %j bytes",
  async (lengths) => {
    const held: Buffer[] = [];
    const stream = new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, callback) {
        held.push(chunk);
        callback();
      },
    });
    const driver = new SocketDriver(stream, reusing([lengths, lengths]));
    driver.flush();
    await new Promise((resolve) => setImmediate(resolve)); // the stream has said so
    driver.flush();
    const size = lengths.reduce((sum, length) => sum + length, 0);
    expect(Buffer.concat(held).equals(Buffer.concat([Buffer.alloc(size, 1), Buffer.alloc(size, 2)]))).toBe(true);
    stream.destroy();
  },
);
