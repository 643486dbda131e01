import type { DescMessage } from "@bufbuild/protobuf";

/** The properties of a message or of an init shape, by local name. */
export interface Fields {
  [localName: string]: unknown;
  $typeName?: unknown;
  $unknown?: unknown;
}

/** The property of a message that holds the fields of a oneof. */
export interface Oneof {
  readonly case: unknown;
  readonly value?: unknown;
}

/**
 * The kinds of field that the codec tells apart. `switch` statements use the numbers as literals, so that V8 makes jump tables.
 */
export type FieldForm =
  | 0 // scalar or enum
  | 1 // message
  | 2 // google.protobuf wrapper, held as its scalar
  | 3 // google.protobuf.Struct, held as a JSON object
  | 4 // list of scalars or enums
  | 5 // list of messages
  | 6 // list of Structs, each a JSON object
  | 7 // map
  | 8; // a oneof whose fields stand together in number order; for writing only

/** 0 implicit, 1 explicit, 2 required. */
export type Presence = 0 | 1 | 2;

/** One field, prepared for the codec. All instances have the same hidden class. */
export class FieldPlan {
  /** The property that holds the field, or its oneof. */
  readonly property: string;
  /** The name of the field, which is the case if it is in a oneof. */
  readonly localName: string;
  readonly form: FieldForm;
  readonly inOneof: boolean;
  readonly presence: Presence;
  /** A number of `ScalarType`; enums are int32 (5), anything but a scalar is 0. */
  readonly scalar: number;
  readonly number: number;
  /** The wire type of one value. */
  readonly wireType: number;
  /** The tag of one value, or of the packed list. */
  readonly tag: number;
  readonly packed: boolean;
  /** May also arrive packed. */
  readonly packable: boolean;
  /** 64-bit integers are strings (`jstype = JS_STRING`). */
  readonly longAsString: boolean;
  readonly strictUtf8: boolean;
  /** What an implicit field holds when unset, and a map value when absent: for enums the first value. */
  readonly zero: unknown;
  /** The numbers of a closed enum, where unknown ones must go to `$unknown`. */
  readonly closed: ReadonlySet<number> | undefined;
  /** The message type of the field or of the map's values. */
  readonly message: MessagePlan | undefined;
  /** Map key and map value, fields 1 and 2 of an entry. */
  readonly key: FieldPlan | undefined;
  readonly value: FieldPlan | undefined;
  /** The fields of a oneof, by case. */
  readonly cases: ReadonlyMap<unknown, FieldPlan> | undefined;
  /** How many bytes the last length of this field took. The next one will probably take as many. */
  lengthSize = 1;

  constructor(init: FieldPlanInit) {
    this.property = init.property;
    this.localName = init.localName;
    this.form = init.form;
    this.inOneof = init.inOneof ?? false;
    this.presence = init.presence ?? 1;
    this.scalar = init.scalar ?? 0;
    this.number = init.number ?? 0;
    this.wireType = init.wireType ?? 2;
    this.packed = init.packed ?? false;
    this.tag = ((this.number << 3) | (this.packed ? 2 : this.wireType)) >>> 0;
    this.packable = init.packable ?? false;
    this.longAsString = init.longAsString ?? false;
    this.strictUtf8 = init.strictUtf8 ?? false;
    this.zero = init.zero;
    this.closed = init.closed;
    this.message = init.message;
    this.key = init.key;
    this.value = init.value;
    this.cases = init.cases;
  }
}

export interface FieldPlanInit {
  property: string;
  localName: string;
  form: FieldForm;
  inOneof?: boolean;
  presence?: Presence;
  scalar?: number;
  number?: number;
  wireType?: number;
  packed?: boolean;
  packable?: boolean;
  longAsString?: boolean;
  strictUtf8?: boolean;
  zero?: unknown;
  closed?: ReadonlySet<number> | undefined;
  message?: MessagePlan | undefined;
  key?: FieldPlan;
  value?: FieldPlan;
  cases?: ReadonlyMap<unknown, FieldPlan>;
}

/** A list, map, oneof or bytes field: each message gets a new empty one, if none was received. */
export interface MutableMember {
  readonly property: string;
  make(): unknown;
}

/** One message type, prepared for the codec. Filled in on first use, so that a large schema costs nothing up front. */
export class MessagePlan {
  readonly desc: DescMessage;
  readonly typeName: string;
  compiled = false;
  /** In the order in which they are written. */
  writes: readonly FieldPlan[] = [];
  /** By field number, for numbers below {@link denseLimit}; the others are in `sparse`. */
  dense: (FieldPlan | undefined)[] = [];
  sparse: Map<number, FieldPlan> | undefined = undefined;
  /** The prototype of a message; other prototypes than Object's carry proto2 defaults. */
  prototype: unknown = Object.prototype;
  /** All properties that a message always has, mutable ones undefined. */
  template: Fields = {};
  /** The same properties as two lists. */
  names: readonly string[] = [];
  zeros: readonly unknown[] = [];
  /** Makes an object of the right prototype; each type has its own, so that V8 learns how large its objects become. */
  // `new Object()` makes `{}`; TypeScript's type for it is only `Object`.
  maker: new () => Fields = Object as unknown as new () => Fields;
  /** Whether no field can ever be absent: then messages are copies of the template, made at this site. */
  complete = false;
  site = 0;
  mutable: readonly MutableMember[] = [];

  constructor(desc: DescMessage) {
    this.desc = desc;
    this.typeName = desc.typeName;
  }
}

/** Field numbers below this are looked up in an array. */
export const denseLimit = 512;
