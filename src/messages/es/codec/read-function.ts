import type { DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import { quote } from "../../../emit/quote.js";
import { type CodecScope, isRare, messageWireType, tagOf, valueKind } from "./field-text.js";
import { access, key } from "./property.js";
import { scalarKind } from "./scalar-kind.js";
import type { Typing } from "./typing.js";

/** The function that reads a message, and what makes an empty one. */
export function readFunction(message: DescMessage, scope: CodecScope, typing: Typing, base: string): string {
  const { read } = scope.functions(message)!;
  const shape = scope.shape(message);
  const parameters = typing.parameters([
    ["input", "Reader"],
    ["end", "number"],
    ["endTag", "number"],
    ["depth", "number"],
    ["held", `${shape} | undefined`],
  ]);
  const cases = message.fields
    .filter((field) => !isRare(field, scope))
    .flatMap((field) => casesOf(field, scope, typing, shape));
  return `/** Reads the fields of \`${message.typeName}\` up to \`end\`, or up to \`endTag\` where that is not 0. */
export function ${read}(${parameters})${typing.of(shape)} {
  input.enter(end, depth);
${newMessage(message, scope, typing, base)}
  let unknown = message.$unknown;
  let tag = 0;
  while (input.position < end) {
    tag = input.field();
    if (tag === endTag) break;
    switch (tag) {
${cases.map((text) => `${text}\n`).join("")}      default:
        unknown = readRare(input, ${scope.schema(message)}, message, unknown, tag, depth);
    }
  }
  input.leave(end, endTag, tag);
  if (unknown !== undefined) message.$unknown = unknown;
  return message;
}`;
}

/** Whether a message has the property from the start: `FeatureSet.FieldPresence` 2 is implicit, and so are lists and maps. */
function isAlwaysThere(member: DescField | DescOneof): boolean {
  return member.kind === "oneof" || member.presence === 2;
}

function newMessage(message: DescMessage, scope: CodecScope, typing: Typing, base: string): string {
  const shape = scope.shape(message);
  const members = message.members.filter(isAlwaysThere).map((member) => [member.localName, zeroOf(member)] as const);
  const all = [["$typeName", quote(message.typeName)] as const, ...members];
  if (base === "") {
    const properties = all.map(([name, zero]) => `    ${key(name)}: ${zero},\n`).join("");
    return `  const message${typing.of(shape)} = held ?? {\n${properties}  };`;
  }
  const assignments = all.map(([name, zero]) => `    made${access(name)} = ${zero};\n`).join("");
  return `  let message = held;
  if (message === undefined) {
    ${base} ??= baseOf(${scope.schema(message)});
    const made = new ${base}();
${assignments}    message = made;
  }`;
}

function zeroOf(member: DescField | DescOneof): string {
  if (member.kind === "oneof") return "{ case: undefined }";
  switch (member.fieldKind) {
    case "list":
      return "[]";
    case "map":
      return "{}";
    case "enum":
      return String(member.enum.values[0]?.number ?? 0);
    case "scalar":
      switch (valueKind(member).type) {
        case "bigint":
          return member.longAsString ? '"0"' : "input.zero64";
        case "boolean":
          return "false";
        case "string":
          return '""';
        case "bytes":
          return "input.noBytes";
        default:
          return "0";
      }
    default:
      throw new Error(`${member} is no field without presence`);
  }
}

function casesOf(field: DescField, scope: CodecScope, typing: Typing, shape: string): string[] {
  const { as } = typing;
  const { number, localName } = field;
  const member = `message${access((field.oneof ?? field).localName)}`;
  const one = (wireType: number, ...statements: string[]) =>
    `      case ${tagOf(number, wireType)}:\n${statements.map((text) => `        ${text}\n`).join("")}        break;`;
  const set = (value: string) =>
    field.oneof === undefined ? `${member} = ${value};` : `${member} = { case: ${quote(localName)}, value: ${value} };`;
  switch (field.fieldKind) {
    case "scalar":
      return [one(valueKind(field).wireType, set(`input.${valueKind(field).read}()`))];
    case "enum":
      return [one(0, set(`input.int32()${as(enumType(field, shape))}`))];
    case "message": {
      const tag = messageWireType(field);
      if (field.oneof === undefined) return [one(tag, set(readMessage(field, field.message, scope, member)))];
      const lines = [
        `const part = ${member}.case === ${quote(localName)} ? ${member}.value : undefined;`,
        set(readMessage(field, field.message, scope, "part")),
        "break;",
      ];
      return [`      case ${tagOf(number, tag)}: {\n${lines.map((text) => `        ${text}\n`).join("")}      }`];
    }
    case "list": {
      if (field.listKind === "message") {
        const value = readMessage(field, field.message, scope, "undefined");
        return [one(messageWireType(field), `${member}.push(${value});`)];
      }
      const { read, wireType } = valueKind(field);
      const value = `input.${read}()${field.listKind === "enum" ? as(`${shape}[${quote(localName)}][number]`) : ""}`;
      const single = one(wireType, `${member}.push(${value});`);
      if (wireType === 2) return [single];
      const packed = [
        "const limit = input.limit();",
        `while (input.position < limit) ${member}.push(${value});`,
        "input.at(limit);",
        "break;",
      ];
      const lines = packed.map((text) => `        ${text}\n`).join("");
      const opening = `      case ${tagOf(number, 2)}: {\n${lines}      }`;
      return [opening, single];
    }
    case "map":
      return [`      case ${tagOf(number, 2)}: {\n${readEntry(field, scope, typing, shape)}        break;\n      }`];
  }
}

function enumType({ localName, oneof }: DescField, shape: string): string {
  if (oneof === undefined) return `NonNullable<${shape}[${quote(localName)}]>`;
  return `Extract<${shape}[${quote(oneof.localName)}], { case: ${quote(localName)} }>["value"]`;
}

function readMessage(field: DescField, message: DescMessage, scope: CodecScope, held: string): string {
  const { read } = scope.functions(message)!;
  const delimited = messageWireType(field) === 3;
  const [end, endTag] = delimited ? ["input.end", tagOf(field.number, 4)] : ["input.length()", 0];
  return `${read}(input, ${end}, ${endTag}, depth + 1, ${held})`;
}

function readEntry(field: DescField & { fieldKind: "map" }, scope: CodecScope, typing: Typing, shape: string): string {
  const { as } = typing;
  const keys = scalarKind(field.mapKey, field.utf8Validation);
  const zero = { number: "0", bigint: "input.zero64", boolean: "false", string: '""', bytes: "" };
  const isMessage = field.mapKind === "message";
  const value = isMessage ? undefined : valueKind(field);
  const map = `${shape}[${quote(field.localName)}]`;
  const item = `${map}[keyof ${map}]`;
  const initial =
    field.mapKind === "enum"
      ? String(field.enum.values[0]?.number ?? 0)
      : value === undefined || value.type === "bytes"
        ? "undefined"
        : zero[value.type];
  const read =
    field.mapKind === "message"
      ? readMessage(field, field.message, scope, "value")
      : `input.${value!.read}()${field.mapKind === "enum" ? as(item) : ""}`;
  const missing = isMessage
    ? "value ?? input.missing()"
    : initial === "undefined"
      ? "value ?? new Uint8Array(0)"
      : "value";
  const lines = [
    `let key${typing.of(keys.type)} = ${zero[keys.type]};`,
    `let value${typing.of(initial === "undefined" ? `${item} | undefined` : item)} = ${initial};`,
    "const limit = input.limit();",
    "while (input.position < limit) {",
    "  const part = input.field();",
    `  if (part === ${tagOf(1, keys.wireType)}) key = input.${keys.read}();`,
    `  else if (part === ${tagOf(2, value?.wireType ?? 2)}) value = ${read};`,
    "  else input.missing();",
    "}",
    "input.at(limit);",
    `setOwn(message${access(field.localName)}, key, ${missing});`,
  ];
  return lines.map((line) => `        ${line}\n`).join("");
}
