/**
 * The program under test of protobuf's conformance runner: length-prefixed requests on stdin, responses on stdout. Binary
 * goes through this package's codec; JSON is read and written by protobuf-es, so that the binary half of those cases is
 * tested too; other formats are skipped.
 *
 * See https://github.com/protocolbuffers/protobuf/blob/main/conformance/README.md
 */
import { readFileSync, readSync, writeSync } from "node:fs";
import { type DescMessage, fromJsonString, type JsonValue, type Message, toJson } from "@bufbuild/protobuf";
import { es } from "../../../src/runtime/codec-es.js";
import type { Codec } from "../../../src/runtime/core/codec.js";
import { registryOf } from "./schemas.js";
import { encoded } from "./sink.js";

interface Request extends Message {
  payload: { case: "protobufPayload"; value: Uint8Array } | { case: "jsonPayload"; value: string } | { case: "other" };
  requestedOutputFormat: number;
  messageType: string;
  testCategory: number;
}

interface Response extends Message {
  result: { case: string; value: string | Uint8Array };
}

const binaryFormat = 1;
const jsonFormat = 2;
const jsonIgnoringUnknown = 3;
const [, , descriptorSet] = process.argv;
if (descriptorSet === undefined) throw new Error("usage: conformance-program <descriptor set>");
const registry = registryOf(readFileSync(descriptorSet));
// The types are those of conformance.proto, which has no generated code here.
const requests = es(messageNamed("conformance.ConformanceRequest")) as Codec<Message> as Codec<Request>;
const responses = es(messageNamed("conformance.ConformanceResponse")) as Codec<Message> as Codec<
  Response,
  Partial<Response>
>;

function messageNamed(name: string): DescMessage {
  const message = registry.getMessage(name);
  if (message === undefined) throw new Error(`no message ${name}`);
  return message;
}

function answer(request: Request): Response["result"] {
  // The runner asks first for which failures to expect.
  if (request.messageType === "conformance.FailureSet") return { case: "protobufPayload", value: new Uint8Array(0) };
  const schema = messageNamed(request.messageType);
  let message: Message;
  try {
    switch (request.payload.case) {
      case "protobufPayload":
        message = es(schema).decode(request.payload.value);
        break;
      case "jsonPayload":
        message = fromJsonString(schema, request.payload.value, {
          registry,
          ignoreUnknownFields: request.testCategory === jsonIgnoringUnknown,
        });
        break;
      default:
        return { case: "skipped", value: "text and JSPB" };
    }
  } catch (error) {
    return { case: "parseError", value: String(error) };
  }
  try {
    switch (request.requestedOutputFormat) {
      case binaryFormat:
        return { case: "protobufPayload", value: encoded(es(schema) as Codec<Message>, message) };
      case jsonFormat: {
        const json: JsonValue = toJson(schema, message, { registry });
        return { case: "jsonPayload", value: JSON.stringify(json) };
      }
      default:
        return { case: "skipped", value: "text and JSPB" };
    }
  } catch (error) {
    return { case: "serializeError", value: String(error) };
  }
}

function read(size: number): Buffer | undefined {
  const buffer = Buffer.alloc(size);
  for (let filled = 0; filled < size; ) {
    const count = readSync(0, buffer, filled, size - filled, null);
    if (count === 0) return undefined;
    filled += count;
  }
  return buffer;
}

function write(bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(1, bytes, written);
}

for (;;) {
  const size = read(4);
  if (size === undefined) break;
  const request = read(size.readUInt32LE());
  if (request === undefined) break;
  const response = encoded(responses, { result: answer(requests.decode(request)) });
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32LE(response.length);
  write(prefix);
  write(response);
}
