import type { Message, UnknownField } from "@bufbuild/protobuf";
import { copySites, copyTemplate } from "./copy-template.js";
import { emptyBytes } from "./empty-bytes.js";
import type { Fields, MessagePlan, MutableMember } from "./plan.js";

let nextSite = 0;

/**
 * Reads from `zero`, an empty message that protobuf-es created, what messages of this type look like: their properties, the order of
 * these, and the prototype, which holds the defaults of fields with presence.
 */
export function prepareTemplate(plan: MessagePlan, zero: Message): void {
  const own = Object.entries(zero);
  // JSON.parse makes an object with room for exactly these properties; one that gets them one by one would be larger and slower.
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

/** A function that makes a new zero value, if it is an object; undefined for a primitive. */
function maker(value: unknown): (() => unknown) | undefined {
  if (typeof value !== "object") return undefined;
  if (Array.isArray(value)) return () => [];
  if (value instanceof Uint8Array) return emptyBytes;
  if (value !== null && "case" in value) return () => ({ case: undefined });
  return () => ({});
}

/** A constructor whose objects are the same as those of `Object.create(prototype)`, but faster to fill. */
function makerOf(prototype: unknown): new () => Fields {
  function Maker() {}
  Maker.prototype = prototype;
  // An ordinary function is a constructor; TypeScript has no type for it.
  return Maker as unknown as new () => Fields;
}

/**
 * A message without fields; its lists, maps, oneofs and bytes are undefined until {@link fillMutable}. Copying the template is fastest.
 * But V8 takes microseconds to add a property to a copy: messages of types that may need that get their properties one by one.
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

/** The message, or a copy of it to which unknown fields can be added. */
export function withUnknown(plan: MessagePlan, message: Fields, unknownFields: UnknownField[]): Fields {
  const extended =
    plan.complete && message.$unknown === undefined ? Object.assign(buildMessage(plan), message) : message;
  extended.$unknown = unknownFields;
  return extended;
}

/** Gives the message empty lists, maps, oneofs and bytes, where none were received. */
export function fillMutable(plan: MessagePlan, message: Fields): void {
  const { mutable } = plan;
  for (let i = 0; i < mutable.length; i++) {
    const { property, make } = mutable[i]!;
    if (message[property] === undefined) message[property] = make();
  }
}
