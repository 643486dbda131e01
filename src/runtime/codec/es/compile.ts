import { create, type DescField, type DescMessage, type DescOneof, ScalarType } from "@bufbuild/protobuf";
import { WireType } from "@bufbuild/protobuf/wire";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { denseLimit, type FieldForm, FieldPlan, type FieldPlanInit, MessagePlan, type Presence } from "./plan.js";
import { scalarZero, wireTypeOf } from "./scalar.js";
import { prepareTemplate } from "./template.js";
import { unusual } from "./unusual.js";

const plans = new WeakMap<DescMessage, MessagePlan>();

/** The plan of a message type. It is empty until {@link compile}. */
export function planOf(desc: DescMessage): MessagePlan {
  let plan = plans.get(desc);
  if (plan === undefined) {
    plan = new MessagePlan(desc);
    plans.set(desc, plan);
  }
  return plan;
}

/**
 * Fills in the plan of a message type. Refuses types with a field such as `has_own_property`, because every object has a property of
 * that name: protobuf-es encodes and decodes those.
 */
export function compile(plan: MessagePlan): void {
  if (plan.desc.members.some((member) => member.localName in Object.prototype)) throw unusual;
  const fields = plan.desc.fields.map(planField);
  for (const field of fields) {
    if (field.number < denseLimit) {
      while (plan.dense.length <= field.number) plan.dense.push(undefined);
      plan.dense[field.number] = field;
    } else {
      plan.sparse ??= new Map();
      plan.sparse.set(field.number, field);
    }
  }
  plan.writes = joinOneofs(fields.sort((a, b) => a.number - b.number));
  prepareTemplate(plan, create(plan.desc));
  plan.compiled = true;
}

/**
 * Makes one step of the fields of a oneof that follow each other in number order, so that the writer looks up the case once.
 * `fields` are in number order.
 */
function joinOneofs(fields: readonly FieldPlan[]): FieldPlan[] {
  const steps: FieldPlan[] = [];
  for (let start = 0; start < fields.length; ) {
    const first = fields[start]!;
    let end = start + 1;
    while (first.inOneof && fields[end]?.inOneof && fields[end]?.property === first.property) end++;
    if (first.inOneof) {
      const cases = new Map(fields.slice(start, end).map((field) => [field.localName, field]));
      steps.push(new FieldPlan({ property: first.property, localName: first.property, form: 8, presence: 0, cases }));
    } else {
      steps.push(first);
    }
    start = end;
  }
  return steps;
}

function planField(field: DescField): FieldPlan {
  const oneof: DescOneof | undefined = field.oneof;
  const common = {
    property: (oneof ?? field).localName,
    localName: field.localName,
    inOneof: oneof !== undefined,
    number: field.number,
    presence: presenceOf(field),
    strictUtf8: field.utf8Validation,
  };
  switch (field.fieldKind) {
    case "scalar":
      return new FieldPlan({
        ...common,
        ...scalar(field.scalar, field.longAsString),
        form: 0,
      });
    case "enum":
      return new FieldPlan({
        ...common,
        ...enumeration(field.enum.values[0]?.number ?? 0),
        form: 0,
        closed: field.enum.open ? undefined : new Set(field.enum.values.map((value) => value.number)),
      });
    case "message":
      return new FieldPlan({
        ...common,
        ...submessage(field.message, field.delimitedEncoding),
        form: messageForm(field, field.message),
      });
    case "list":
      if (field.listKind === "message") {
        return new FieldPlan({
          ...common,
          ...submessage(field.message, field.delimitedEncoding),
          form: isJsonStruct(field, field.message) ? 6 : 5,
        });
      }
      return new FieldPlan({
        ...common,
        ...(field.listKind === "enum" ? enumeration(0) : scalar(field.scalar, field.longAsString)),
        form: 4,
        packed: field.packed,
        packable: field.scalar !== ScalarType.STRING && field.scalar !== ScalarType.BYTES,
      });
    case "map":
      return new FieldPlan({
        ...common,
        form: 7,
        key: entryField(1, { ...scalar(field.mapKey, false), form: 0, strictUtf8: field.utf8Validation }),
        value: entryField(2, { ...mapValue(field), strictUtf8: field.utf8Validation }),
      });
  }
}

function entryField(number: number, init: Omit<FieldPlanInit, "property" | "localName">): FieldPlan {
  const name = number === 1 ? "key" : "value";
  return new FieldPlan({ ...init, number, property: name, localName: name });
}

function mapValue(field: DescField & { fieldKind: "map" }): Omit<FieldPlanInit, "property" | "localName"> {
  switch (field.mapKind) {
    case "scalar":
      return { ...scalar(field.scalar, false), form: 0 };
    case "enum":
      return { ...enumeration(field.enum.values[0]?.number ?? 0), form: 0 };
    case "message":
      return { ...submessage(field.message, false), form: isJsonStruct(field, field.message) ? 3 : 1 };
  }
}

function scalar(type: ScalarType, longAsString: boolean) {
  return { scalar: type, wireType: wireTypeOf(type), longAsString, zero: scalarZero(type, longAsString) };
}

function enumeration(zero: number) {
  return { scalar: ScalarType.INT32, wireType: WireType.Varint, zero };
}

function submessage(message: DescMessage, delimited: boolean) {
  return { message: planOf(message), wireType: delimited ? WireType.StartGroup : WireType.LengthDelimited };
}

function messageForm(field: DescField, message: DescMessage): FieldForm {
  if (isWrapperDesc(message) && field.oneof === undefined) return 2;
  return isJsonStruct(field, message) ? 3 : 1;
}

/** A field of type Struct holds a JSON object, except in google.protobuf.Value. */
function isJsonStruct(field: DescField, message: DescMessage): boolean {
  return message.typeName === "google.protobuf.Struct" && field.parent.typeName !== "google.protobuf.Value";
}

/** `FeatureSet.FieldPresence`: 1 explicit, 2 implicit, 3 required. */
function presenceOf(field: DescField): Presence {
  return field.presence === 2 ? 0 : field.presence === 3 ? 2 : 1;
}
