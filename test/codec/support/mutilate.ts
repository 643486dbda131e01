import fc from "fast-check";

interface Mutation {
  /** Where, modulo the length. */
  at: number;
  byte: number;
  /** Inserts the byte, instead of overwriting one. */
  insert: boolean;
  /** Cuts the message off here, modulo the length. */
  cut: number | null;
}

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(),
  byte: fc.nat(255),
  insert: fc.boolean(),
  cut: fc.oneof({ arbitrary: fc.constant(null), weight: 3 }, { arbitrary: fc.nat(), weight: 1 }),
});

export function mutilate(bytes: Uint8Array, mutations: readonly Mutation[]): Uint8Array {
  let result = bytes;
  for (const { at, byte, insert, cut } of mutations) {
    const index = at % (result.length + 1);
    result = Uint8Array.of(...result.subarray(0, index), byte, ...result.subarray(insert ? index : index + 1));
    if (cut !== null) result = result.slice(0, cut % (result.length + 1));
  }
  return result;
}
