import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { quote } from "../../../emit/quote.js";
import { type CodecScope, isRare, messageWireType, tagOf, valueKind } from "./field-text.js";
import { access } from "./property.js";
import { scalarKind } from "./scalar-kind.js";
import type { Typing } from "./typing.js";

/** `FeatureSet.FieldPresence`. */
const implicit = 2;
const required = 3;

/** The function that writes a message or an init shape. */
export function writeFunction(message: DescMessage, scope: CodecScope, typing: Typing, base: string): string {
  const { write } = scope.functions(message)!;
  const schema = scope.schema(message);
  const parameters = typing.parameters([
    ["out", "Writer"],
    ["message", `MessageInitShape<typeof ${schema}>`],
    ["strict", "boolean"],
  ]);
  const steps = stepsOf(message.fields).map((fields) => writeStep(fields, message, scope, base));
  const lines = [
    `const isMessage = message.$typeName === ${quote(message.typeName)};`,
    ...(base === ""
      ? ["out.check(message, isMessage, strict);"]
      : [
          `if (isMessage) ${base} ??= baseOf(${schema});`,
          `out.check(message, isMessage, strict, ${base}?.prototype);`,
        ]),
    ...steps.flat(),
    "if (isMessage && message.$unknown !== undefined) writeUnknownFields(out, message.$unknown);",
  ];
  return `/** Writes the fields of \`${message.typeName}\`. */
export function ${write}(${parameters})${typing.of("void")} {
${lines.map((line) => `  ${line}\n`).join("")}}`;
}

/** The fields in number order, those of a oneof that stand together in one step. */
function stepsOf(fields: readonly DescField[]): DescField[][] {
  const steps: DescField[][] = [];
  for (const field of [...fields].sort((a, b) => a.number - b.number)) {
    const last = steps.at(-1);
    if (last !== undefined && field.oneof !== undefined && last[0]?.oneof === field.oneof) last.push(field);
    else steps.push([field]);
  }
  return steps;
}

function writeStep(fields: readonly DescField[], message: DescMessage, scope: CodecScope, base: string): string[] {
  const field = fields[0]!;
  const schema = scope.schema(message);
  if (field.oneof !== undefined) return writeOneof(fields, field.oneof.localName, schema, scope);
  if (isRare(field, scope)) return [`writeRare(out, ${schema}, ${field.number}, message, isMessage);`];
  const member = `message${access(field.localName)}`;
  switch (field.fieldKind) {
    case "scalar":
    case "enum":
      return writeSingular(field, member, base);
    case "message": {
      const lines = writeMessage(field, field.message, member, scope);
      const otherwise = field.presence === required ? [`} else out.missing();`] : ["}"];
      return [`if (${member} !== undefined) {`, ...indent(lines), ...otherwise];
    }
    case "list":
      return writeList(field, member, scope);
    case "map":
      return writeMap(field, member, scope);
  }
}

function writeSingular(field: DescField, member: string, base: string): string[] {
  const { write, type } = valueKind(field);
  const tag = tagOf(field.number, valueKind(field).wireType);
  if (field.presence === implicit) {
    switch (type) {
      case "bigint":
        return [`if (out.isLong(${member}, isMessage)) out.${write}Field(${tag}, ${member});`];
      case "bytes":
        return [`out.implicitBytes(${tag}, ${member}, isMessage);`];
      case "boolean":
        return [`if (${member} !== false) out.boolField(${tag}, ${member}, isMessage);`];
      case "string":
        return [`if (${member} !== "") out.stringField(${tag}, ${member}, isMessage);`];
      default: {
        const isSet =
          write === "double" || write === "float"
            ? `${member} !== 0 || Object.is(${member}, -0)`
            : `${member} !== ${zeroOf(field)}`;
        return [`if (${isSet}) out.${write}Field(${tag}, ${member}, isMessage);`];
      }
    }
  }
  const own = base === "" ? "" : ` && (!isMessage || out.has(message, ${quote(field.localName)}))`;
  const argument = type === "bytes" ? `${member}, isMessage` : member;
  const otherwise = field.presence === required ? "else out.missing();" : "";
  const line = `if (${member} !== undefined${own}) out.${write}Field(${tag}, ${argument});`;
  return otherwise === "" ? [line] : [line, otherwise];
}

function zeroOf(field: DescField): string {
  return String(field.fieldKind === "enum" ? (field.enum.values[0]?.number ?? 0) : 0);
}

function writeMessage(field: DescField, message: DescMessage, value: string, scope: CodecScope): string[] {
  const functions = scope.functions(message)!;
  const { write } = functions;
  if (messageWireType(field) === 3) {
    return [
      `out.tag(${tagOf(field.number, 3)});`,
      `${write}(out, ${value}, isMessage);`,
      `out.tag(${tagOf(field.number, 4)});`,
    ];
  }
  const { room } = functions;
  return [
    `const room = ${room};`,
    `const start = out.begin(${tagOf(field.number, 2)}, room);`,
    `${write}(out, ${value}, isMessage);`,
    `${room} = out.closeLength(start, room);`,
  ];
}

function writeOneof(fields: readonly DescField[], oneof: string, schema: string, scope: CodecScope): string[] {
  const cases = fields.flatMap((field) => {
    const open = `  case ${quote(field.localName)}:`;
    if (isRare(field, scope)) {
      return [open, `    writeRareCase(out, ${schema}, ${field.number}, oneof.value, isMessage);`, "    break;"];
    }
    if (field.fieldKind === "message") {
      return [
        `${open} {`,
        ...indent(indent(writeMessage(field, field.message, "oneof.value", scope))),
        "    break;",
        "  }",
      ];
    }
    const { write, wireType, type } = valueKind(field);
    const value = type === "bytes" ? "oneof.value, isMessage" : "oneof.value";
    return [open, `    out.${write}Field(${tagOf(field.number, wireType)}, ${value});`, "    break;"];
  });
  return [
    "{",
    `  const oneof = message${access(oneof)} ?? out.noOneof(isMessage);`,
    ...indent(["switch (oneof.case) {", ...cases, "}"]),
    "}",
  ];
}

function writeList(field: DescField & { fieldKind: "list" }, member: string, scope: CodecScope): string[] {
  const loop = (lines: string[]) => ["for (let i = 0; i < list.length; i++) {", ...indent(lines), "}"];
  const block = (lines: string[]) => ["{", ...indent([`const list = out.list(${member}, isMessage);`, ...lines]), "}"];
  if (field.listKind === "message") {
    const lines = writeMessage(field, field.message, "item", scope);
    return block(loop([`const item = list[i];`, "if (item === undefined) return out.missing();", ...lines]));
  }
  const { write, wireType, type } = valueKind(field);
  if (!field.packed) {
    const value = type === "bytes" ? "list[i], isMessage" : "list[i]";
    return block(loop([`out.${write}Field(${tagOf(field.number, wireType)}, ${value});`]));
  }
  return block([
    "if (list.length > 0) {",
    ...indent([
      `const start = out.begin(${tagOf(field.number, 2)}, 1);`,
      ...loop([`out.${write}Item(list[i]);`]),
      "out.closeLength(start, 1);",
    ]),
    "}",
  ]);
}

function writeMap(field: DescField & { fieldKind: "map" }, member: string, scope: CodecScope): string[] {
  const key = scalarKind(field.mapKey, false);
  const name = {
    number: "Number.parseInt(key, 10)",
    bigint: "key",
    boolean: "out.boolKey(key)",
    string: "key",
    bytes: "",
  };
  const value =
    field.mapKind === "message"
      ? writeMapMessage(field.message, scope)
      : [
          `out.${valueKind(field).write}Field(${tagOf(2, valueKind(field).wireType)}, map[key]${valueKind(field).type === "bytes" ? ", isMessage" : ""});`,
        ];
  return [
    "{",
    ...indent([
      `const map = out.map(${member}, isMessage);`,
      "for (const key of Object.keys(map)) {",
      ...indent([
        `const entry = out.begin(${tagOf(field.number, 2)}, 1);`,
        `out.${key.write}Field(${tagOf(1, key.wireType)}, ${name[key.type]});`,
        ...value,
        "out.closeLength(entry, 1);",
      ]),
      "}",
    ]),
    "}",
  ];
}

function writeMapMessage(message: DescMessage, scope: CodecScope): string[] {
  const { write, room } = scope.functions(message)!;
  return [
    "const value = map[key];",
    "if (value === undefined) return out.missing();",
    `const room = ${room};`,
    `const start = out.begin(${tagOf(2, 2)}, room);`,
    `${write}(out, value, isMessage);`,
    `${room} = out.closeLength(start, room);`,
  ];
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
