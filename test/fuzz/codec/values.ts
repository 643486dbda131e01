import type { Random } from "./random.js";

const odd: readonly unknown[] = [
  undefined,
  null,
  "x",
  "5",
  -1,
  1.5,
  2 ** 40,
  true,
  10n ** 30n,
  [],
  [1],
  {},
  Number.NaN,
  -0,
];

/**
 * An init shape of a message: its plain properties at every depth, some messages left as they are, now and then a value that
 * does not fit.
 */
export function initLike(random: Random, value: object): Record<string, unknown> {
  return plain(random, value, random.once(4) ? 12 : Number.POSITIVE_INFINITY) as Record<string, unknown>;
}

/** @param oddness - one value in so many is odd */
function plain(random: Random, value: unknown, oddness: number): unknown {
  if (Number.isFinite(oddness) && random.once(oddness)) return random.pick(odd);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return random.once(3) ? [...value] : value;
  if (Array.isArray(value)) return value.map((item) => plain(random, item, oddness));
  // Inside of a message protobuf-es wants messages: those stay whole.
  if ("$typeName" in value && random.once(5)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== "$typeName" && name !== "$unknown")
      .map(([name, item]) => [name, name === "case" ? item : plain(random, item, oddness)]),
  );
}
