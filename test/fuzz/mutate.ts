/** Bytes that were a message once. */
import fc, { type Arbitrary } from "fast-check";

type Mutation = (bytes: Uint8Array) => Uint8Array;

const share = fc.double({ min: 0, max: 1, noNaN: true });

// What is read as a length or a tag: huge, endless, of groups, of field 0.
const fragments = fc.oneof(
  fc.constantFrom(
    [0xff, 0xff, 0xff, 0xff, 0x0f],
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
    [0x00],
    [0x7b],
    [0x7c],
    [0x0a, 0x00],
    Array<number>(3000).fill(0x7b),
  ),
  fc.array(fc.nat(255), { maxLength: 12 }),
);

const mutation: Arbitrary<Mutation> = fc.oneof(
  share.map(
    (at): Mutation =>
      (bytes) =>
        bytes.slice(0, at * bytes.length),
  ),
  share.map(
    (at): Mutation =>
      (bytes) =>
        bytes.slice(at * bytes.length),
  ),
  fc.tuple(share, fc.nat(255)).map(
    ([at, value]): Mutation =>
      (bytes) => {
        const copy = bytes.slice();
        copy[Math.floor(at * copy.length)] = value;
        return copy;
      },
  ),
  fc.tuple(share, fragments).map(
    ([at, extra]): Mutation =>
      (bytes) =>
        join(bytes.slice(0, at * bytes.length), Uint8Array.from(extra), bytes.slice(at * bytes.length)),
  ),
  fc.tuple(share, share, share).map(
    ([from, to, at]): Mutation =>
      (bytes) => {
        const piece = bytes.slice(Math.min(from, to) * bytes.length, Math.max(from, to) * bytes.length);
        return join(bytes.slice(0, at * bytes.length), piece, bytes.slice(at * bytes.length));
      },
  ),
);

/** Some of the bytes cut off, changed, put in or said twice. */
export function mutated(whole: Arbitrary<Uint8Array>): Arbitrary<Uint8Array> {
  return fc
    .tuple(whole, fc.array(mutation, { minLength: 1, maxLength: 4 }))
    .map(([bytes, mutations]) => mutations.reduce((before, mutate) => mutate(before), bytes));
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}
