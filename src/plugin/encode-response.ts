import type { CodeGeneratorResponse, GeneratedFile } from "./plugin-messages.js";

/** The wire format of a response. */
export function encodeResponse(response: CodeGeneratorResponse): Uint8Array {
  const parts: Uint8Array[] = [];
  if (response.error !== undefined) parts.push(bytesField(1, Buffer.from(response.error)));
  parts.push(varintField(2, Number(response.supportedFeatures)));
  parts.push(varintField(3, response.minimumEdition), varintField(4, response.maximumEdition));
  for (const file of response.file) parts.push(...fileField(file));
  return Buffer.concat(parts);
}

function fileField({ name, content }: GeneratedFile): Uint8Array[] {
  const fields = [bytesField(1, Buffer.from(name)), bytesField(15, Buffer.from(content))];
  return [tag(15, 2), varint(fields[0]!.length + fields[1]!.length), ...fields];
}

function bytesField(number: number, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([tag(number, 2), varint(bytes.length), bytes]);
}

function varintField(number: number, value: number): Uint8Array {
  return Buffer.concat([tag(number, 0), varint(value)]);
}

function tag(number: number, type: number): Uint8Array {
  return varint(number * 8 + type);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}
