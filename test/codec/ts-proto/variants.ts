/** ts-proto's options that change what a message looks like, and values that only then may be sent. */
export interface Variant {
  readonly options: string;
  /** Init shapes that must type-check, and what must come back of them. */
  readonly init: string;
  readonly received: string;
  /** An init shape that must not type-check. */
  readonly wrong: string;
}

const zero = "{ ...Rich.decode(new Uint8Array()), ";

/** Without options. */
export const plain: Variant = {
  options: "",
  init: `{ big: 5, byName: { a: { snakeName: "b" } }, text: "t", at: new Date(5), wrapped: "w", anything: { x: [1] }, mask: ["m"] }`,
  received: `${zero}big: 5, byName: { a: Rich_Sub.fromPartial({ snakeName: "b" }) }, text: "t", at: new Date(5), wrapped: "w", anything: { x: [1] }, mask: ["m"] }`,
  wrong: `{ big: "5" }`,
};

export const variants: Readonly<Record<string, Variant>> = {
  default: plain,
  "oneof=unions": {
    options: "oneof=unions",
    init: `{ choice: { $case: "nested", nested: { snakeName: "b" } } }`,
    received: `${zero}choice: { $case: "nested", nested: Rich_Sub.fromPartial({ snakeName: "b" }) } }`,
    wrong: `{ choice: { $case: "none", text: "t" } }`,
  },
  "oneof=unions-value": {
    options: "oneof=unions-value",
    init: `{ choice: { $case: "nested", value: { snakeName: "b" } } }`,
    received: `${zero}choice: { $case: "nested", value: Rich_Sub.fromPartial({ snakeName: "b" }) } }`,
    wrong: `{ choice: { value: { snakeName: "b" } } }`,
  },
  "forceLong=long": {
    options: "forceLong=long,esModuleInterop=true",
    init: `{ big: 5, bigs: ["6", Long.fromNumber(7)], num: Long.ONE }`,
    received: `${zero}big: Long.fromNumber(5), bigs: [Long.fromNumber(6, true), Long.fromNumber(7, true)], num: Long.ONE }`,
    wrong: `{ big: true }`,
  },
  "forceLong=bigint": {
    options: "forceLong=bigint",
    init: `{ big: "5", bigs: [6n, 7] }`,
    received: `${zero}big: 5n, bigs: [6n, 7n] }`,
    wrong: `{ big: true }`,
  },
  "forceLong=string": {
    options: "forceLong=string",
    init: `{ big: "9007199254740993" }`,
    received: `${zero}big: "9007199254740993" }`,
    wrong: `{ big: 5 }`,
  },
  "useDate=false": {
    options: "useDate=false",
    init: `{ at: { seconds: 5 } }`,
    received: `${zero}at: { seconds: 5, nanos: 0 } }`,
    wrong: `{ at: new Date(5) }`,
  },
  "useDate=string": {
    options: "useDate=string",
    init: `{ at: "2024-01-02T03:04:05.000Z" }`,
    received: `${zero}at: "2024-01-02T03:04:05.000Z" }`,
    wrong: `{ at: new Date(5) }`,
  },
  "useOptionals=all": {
    options: "useOptionals=all",
    init: `{ opt: undefined, sub: { snakeName: "b" } }`,
    received: `${zero}sub: Rich_Sub.fromPartial({ snakeName: "b" }) }`,
    wrong: `{ opt: "1" }`,
  },
  "useExactTypes=false": {
    options: "useExactTypes=false",
    init: `{ subs: [{ snakeName: "b" }] }`,
    received: `${zero}subs: [Rich_Sub.fromPartial({ snakeName: "b" })] }`,
    wrong: `{ subs: [{ nope: "b" }] }`,
  },
  "env=node": {
    options: "env=node",
    init: `{ raw: Buffer.from("raw"), blobs: { 1: Buffer.from("x") } }`,
    received: `${zero}raw: Buffer.from("raw"), blobs: { 1: Buffer.from("x") } }`,
    wrong: `{ raw: "raw" }`,
  },
  "outputTypeRegistry=true": {
    options: "outputTypeRegistry=true",
    init: `{ sub: { snakeName: "b" } }`,
    received: `${zero}sub: Rich_Sub.fromPartial({ snakeName: "b" }) }`,
    wrong: `{ $type: "other" }`,
  },
  "useReadonlyTypes=true": {
    options: "useReadonlyTypes=true",
    init: `{ bigs: [1, 2] as const, sub: { snakeName: "b" } as const }`,
    received: `${zero}bigs: [1, 2], sub: Rich_Sub.fromPartial({ snakeName: "b" }) }`,
    wrong: `{ bigs: ["1"] }`,
  },
  "useMapType=true": {
    options: "useMapType=true",
    init: `{ byName: new Map([["a", { snakeName: "b" }]]) }`,
    received: `${zero}byName: new Map([["a", Rich_Sub.fromPartial({ snakeName: "b" })]]) }`,
    wrong: `{ byName: new Map([[1, {}]]) }`,
  },
  "useNullAsOptional=true": {
    options: "useNullAsOptional=true",
    init: `{ sub: null, opt: 3 }`,
    received: `${zero}opt: 3 }`,
    wrong: `{ opt: "3" }`,
  },
  "useUnknownForValue=true": {
    options: "useUnknownForValue=true",
    init: `{ v: [1], anything: { x: "y" } }`,
    received: `${zero}v: [1], anything: { x: "y" } }`,
    wrong: `{ anything: 1 }`,
  },
  "snakeToCamel=false": {
    options: "snakeToCamel=false",
    init: `{ by_name: { a: { snake_name: "b" } } }`,
    received: `${zero}by_name: { a: Rich_Sub.fromPartial({ snake_name: "b" }) } }`,
    wrong: `{ byName: {} }`,
  },
  "outputPartialMethods=false": {
    options: "outputPartialMethods=false",
    init: `{ ...Rich.decode(new Uint8Array()), big: 5 }`,
    received: `{ ...Rich.decode(new Uint8Array()), big: 5 }`,
    wrong: `{ big: 5 }`,
  },
};
