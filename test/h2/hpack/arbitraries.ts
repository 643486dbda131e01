import fc from "fast-check";

const names = [
  ...[":method", ":path", ":status", ":authority", "te", "content-type", "user-agent", "authorization", "cookie"],
  ...["grpc-status", "grpc-timeout", "grpc-message", "x-a", "x-b", "x-long-name-of-somebody", "accept-encoding"],
];
const values = ["", "GET", "/", "200", "0", "trailers", "application/grpc", "gzip, deflate", "identity,gzip", "1", "2"];

const anyCharacters = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.nat({ max: 255 }).map((code) => String.fromCharCode(code)), maxLength });

const name = fc.oneof(
  { arbitrary: fc.constantFrom(...names), weight: 8 },
  { arbitrary: fc.nat({ max: 200 }).map((i) => `x-${i}`), weight: 2 },
  { arbitrary: anyCharacters(20), weight: 1 },
);

const value = fc.oneof(
  { arbitrary: fc.constantFrom(...values), weight: 6 },
  { arbitrary: fc.nat({ max: 300 }).map(String), weight: 3 },
  { arbitrary: anyCharacters(40), weight: 2 },
  { arbitrary: fc.integer({ min: 0, max: 6000 }).map((length) => "x".repeat(length)), weight: 1 },
);

/** Header lists with much that comes again, of any bytes. */
export const headerList: fc.Arbitrary<string[]> = fc
  .array(fc.tuple(name, value), { maxLength: 12 })
  .map((pairs) => pairs.flat());

/** Values of SETTINGS_HEADER_TABLE_SIZE. */
export const tableSize: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 31, 32, 33, 64, 100, 1000, 4095, 4096, 4097, 65_536, 0xffff_ffff),
  fc.nat({ max: 10_000 }),
);
