import type { Message, UnknownField } from "@bufbuild/protobuf";
import { copySites, copyTemplate } from "./copy-template.js";
import { emptyBytes } from "./empty-bytes.js";
import type { Fields, MessagePlan, MutableMember } from "./plan.js";

let nextSite = 0;

/**
 * Learns from `zero`, a message that protobuf-es created without fields, what messages of this type look like: their
 * properties and the order of them, and their prototype, which carries the defaults of fields with presence.
 */
export function prepareTemplate(plan: MessagePlan, zero: Message): void {
  const own = Object.entries(zero);
  // JSON.parse makes room for exactly these properties inside of the object; assigning them one by one would not.
  const template: Fields = JSON.parse(JSON.stringify(Object.fromEntries(own.map(([name]) => [name, 0]))));
  const mutable: MutableMember[] = [];
  for (const [property, value] of own) {
    const make = maker(value);
    template[property] = make === undefined ? value : undefined;
    if (make !== undefined) mutable.push({ property, make });
  }
  plan.template = template;
  plan.names = Object.keys(template);
  plan.zeros = Object.values(template);
  plan.prototype = Object.getPrototypeOf(zero);
  plan.maker = makerOf(plan.prototype);
  plan.mutable = mutable;
  plan.complete = plan.prototype === Object.prototype && plan.desc.members.every((member) => member.localName in zero);
  if (plan.complete) plan.site = nextSite++ % copySites;
}

/** How to make another of a zero value that is an object; undefined for a primitive. */
function maker(value: unknown): (() => unknown) | undefined {
  if (typeof value !== "object") return undefined;
  if (Array.isArray(value)) return () => [];
  if (value instanceof Uint8Array) return emptyBytes;
  if (value !== null && "case" in value) return () => ({ case: undefined });
  return () => ({});
}

/** A constructor whose objects are indistinguishable from what `Object.create(prototype)` gives, but faster to fill. */
function makerOf(prototype: unknown): new () => Fields {
  function Maker() {}
  Maker.prototype = prototype;
  // An ordinary function is a constructor; TypeScript has no type for it.
  return Maker as unknown as new () => Fields;
}

/**
 * A message without fields; its mutable members are undefined until {@link fillMutable}. A copy of the template is
 * quickest, but V8 takes microseconds to add a property to a copy: types that may need that are built up.
 */
export function newMessage(plan: MessagePlan): Fields {
  return plan.complete ? copyTemplate(plan.template, plan.site) : buildMessage(plan);
}

function buildMessage(plan: MessagePlan): Fields {
  const { names, zeros } = plan;
  const message = new plan.maker();
  for (let i = 0; i < names.length; i++) message[names[i]!] = zeros[i];
  return message;
}

/** The message with unknown fields: the same, or one that can be added to. */
export function withUnknown(plan: MessagePlan, message: Fields, unknownFields: UnknownField[]): Fields {
  const extended =
    plan.complete && message.$unknown === undefined ? Object.assign(buildMessage(plan), message) : message;
  extended.$unknown = unknownFields;
  return extended;
}

/** Gives the message its own lists, maps, oneofs and bytes, where the wire had none. */
export function fillMutable(plan: MessagePlan, message: Fields): void {
  const { mutable } = plan;
  for (let i = 0; i < mutable.length; i++) {
    const { property, make } = mutable[i]!;
    if (message[property] === undefined) message[property] = make();
  }
}
