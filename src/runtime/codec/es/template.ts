import type { Message } from "@bufbuild/protobuf";
import { copySites, copyTemplate } from "./copy-template.js";
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
  plan.prototype = Object.getPrototypeOf(zero);
  plan.mutable = mutable;
  plan.site = nextSite++ % copySites;
}

/** How to make another of a zero value that is an object; undefined for a primitive. */
function maker(value: unknown): (() => unknown) | undefined {
  if (typeof value !== "object") return undefined;
  if (Array.isArray(value)) return () => [];
  if (value instanceof Uint8Array) return () => new Uint8Array(0);
  if (value !== null && "case" in value) return () => ({ case: undefined });
  return () => ({});
}

/** A message without fields; its mutable members are undefined until {@link fillMutable}. */
export function newMessage(plan: MessagePlan): Fields {
  if (plan.prototype === Object.prototype) return copyTemplate(plan.template, plan.site);
  return Object.assign(Object.create(plan.prototype as object), plan.template);
}

/** Gives the message its own lists, maps, oneofs and bytes, where the wire had none. */
export function fillMutable(plan: MessagePlan, message: Fields): void {
  const { mutable } = plan;
  for (let i = 0; i < mutable.length; i++) {
    const { property, make } = mutable[i]!;
    if (message[property] === undefined) message[property] = make();
  }
}
