import { create, type DescMessage } from "@bufbuild/protobuf";
import type { Codec } from "gen-stubs-runtime";
import * as codecs from "../gen/es/bench_codec.js";
import * as es from "../gen/es/bench_pb.js";
import * as tsProto from "../gen/ts-proto/bench.js";

/** A message in the shapes that each codec takes. */
export interface Case {
  readonly name: string;
  readonly schema: DescMessage;
  /** What `codec=generated` makes. */
  readonly generated: Codec<object, never>;
  /** A plain object. */
  readonly init: Record<string, unknown>;
  /** The same as ts-proto and protobuf.js hold it. */
  readonly plain: Record<string, unknown>;
  readonly tsProto: { encode(message: never): { finish(): Uint8Array }; decode(bytes: Uint8Array): unknown };
}

const path = Array.from({ length: 12 }, (_, i) => ({ latitude: 407838351 + i, longitude: -746143763 + i }));
const nested = {
  name: "Patriots Path, Mendham, NJ 07945, USA",
  origin: { latitude: 1, longitude: -1 },
  path,
  counts: { red: 1, green: 22, blue: 333 },
  named: { home: path[0], work: path[1] },
  numbers: Array.from({ length: 20 }, (_, i) => i * 37),
  weights: Array.from({ length: 10 }, (_, i) => i / 3),
  note: "seen",
};

const money = (units: number, nanos = 0) => ({ currency: "EUR", units, nanos });
const purchase = {
  id: "ord-2026-000123456",
  customer: {
    id: 9_876_543_210,
    name: "Ada Østergård Lovelace",
    email: "ada.lovelace@example.com",
    addresses: [
      { street: "St. James's Square 12", city: "London", country: "GB", point: path[0] },
      { street: "Rue de l'Abbé-de-l'Épée 7", city: "Paris", country: "FR", point: path[1] },
    ],
  },
  labels: { channel: "web", campaign: "autumn-2026", region: "eu-north-1" },
  totals: { net: money(182, 500_000_000), tax: money(36, 500_000_000), gross: money(219) },
  warehouses: [12, 7, 301, 44, 5_120, 88, 9, 16_000],
  weights: [0.25, 1.5, 2.125, 12],
  status: 1,
  note: "Please ring twice.",
  gift: true,
  signature: payload(48),
};
const lines = ["Mechanical keyboard", "USB-C cable, 2 m", "Desk lamp", "Notebook A5, ruled", "Fountain pen ink"].map(
  (title, i) => ({
    sku: `SKU-${10_000 + i * 77}`,
    title,
    count: i + 1,
    price: money(19 + i * 7, 990_000_000),
    tags: ["office", `shelf-${i}`],
    percent: 2.5 * i,
  }),
);
const card = { holder: "A LOVELACE", lastDigits: "4242", expiryYear: 2029, expiryMonth: 11 };
const longs = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (name, part) => (name === "units" ? BigInt(part) : part));

function payload(size: number): Uint8Array {
  return new Uint8Array(size).fill(0x61);
}

const small = { id: 123_456, word: "items", value: 1.5 };

export const cases: readonly Case[] = [
  {
    name: "small, 20 B",
    schema: es.ItemSchema,
    generated: codecs.ItemCodec,
    init: small,
    plain: { ...small, payload: new Uint8Array(0) },
    tsProto: tsProto.Item,
  },
  sized("bytes, 1 KB", 1000),
  sized("bytes, 64 KB", 65_500),
  text("text, 1 KB", "lorem ipsum ".repeat(84)),
  text("text, 64 KB", "lorem ipsum ".repeat(5460)),
  text("text not ASCII, 1 KB", "日本語のテキスト。".repeat(38)),
  {
    name: "nested, map, oneof",
    schema: es.NestedSchema,
    generated: codecs.NestedCodec,
    init: { ...nested, shape: { case: "point", value: path[2] }, created: 1234567890123n },
    plain: tsProto.Nested.fromPartial({ ...nested, point: path[2], created: 1234567890123 }) as never,
    tsProto: tsProto.Nested,
  },
  {
    name: "order, 800 B",
    schema: es.PurchaseSchema,
    generated: codecs.PurchaseCodec,
    init: {
      ...purchase,
      placedAtMs: 1_790_000_000_123n,
      customer: { ...purchase.customer, id: 9_876_543_210n },
      totals: longs(purchase.totals),
      lines: (longs(lines) as typeof lines).map(({ percent, ...line }) => ({
        ...line,
        discount: { case: "percent", value: percent },
      })),
      payment: { case: "card", value: card },
    },
    plain: tsProto.Purchase.fromPartial({ ...purchase, placedAtMs: 1_790_000_000_123, lines, card }) as never,
    tsProto: tsProto.Purchase,
  },
];

function sized(name: string, size: number): Case {
  const init = { ...small, payload: payload(size) };
  return { name, schema: es.ItemSchema, generated: codecs.ItemCodec, init, plain: init, tsProto: tsProto.Item };
}

function text(name: string, value: string): Case {
  const init = { id: 7, text: value };
  return { name, schema: es.TextSchema, generated: codecs.TextCodec, init, plain: init, tsProto: tsProto.Text };
}

/** What protobuf-es sends: a message. */
export function messageOf({ schema, init }: Case): Record<string, unknown> {
  // Its properties are read by name below.
  return create(schema, init) as unknown as Record<string, unknown>;
}
