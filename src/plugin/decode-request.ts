import { GenerateError } from "../model/generate-error.js";
import { decodeFile } from "./decode-file.js";
import { forEachField, type Range, range, text } from "./lazy-message.js";
import type { CodeGeneratorRequest } from "./plugin-messages.js";
import { WireError } from "./wire-reader.js";

/** Reads a request, with files that are decoded as far as they are asked for. */
export function decodeRequest(bytes: Uint8Array): CodeGeneratorRequest {
  return orMalformed(() => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const whole: Range = { bytes: buffer, start: 0, end: buffer.length };
    const request = { fileToGenerate: [] as string[], parameter: "", protoFile: [] as ReturnType<typeof decodeFile>[] };
    forEachField(whole, (field) => {
      if (field.type !== 2) return;
      if (field.number === 1) request.fileToGenerate.push(text(whole, field));
      else if (field.number === 2) request.parameter = text(whole, field);
      else if (field.number === 15) request.protoFile.push(decodeFile(range(whole, field)));
    });
    return request;
  });
}

/** Bytes that are no message are the caller's fault, wherever in the request they are found. */
export function orMalformed<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new GenerateError("malformed-request", `the input is no CodeGeneratorRequest: ${error.message}`);
  }
}

/** Whether an error says that the bytes are no message. */
export function isMalformed(error: unknown): error is GenerateError {
  return error instanceof GenerateError && error.code === "malformed-request";
}
