import { maximumEdition, minimumEdition } from "../model/edition.js";
import { GenerateError } from "../model/generate-error.js";
import { decodeRequest, orMalformed } from "./decode-request.js";
import { encodeResponse } from "./encode-response.js";
import { type Generated, GenerateErrors, generate } from "./generate.js";
import { parseOptions } from "./options.js";
import type { CodeGeneratorRequest, CodeGeneratorResponse } from "./plugin-messages.js";

/** `FEATURE_PROTO3_OPTIONAL | FEATURE_SUPPORTS_EDITIONS` of google/protobuf/compiler/plugin.proto, and the editions. */
const limits = { supportedFeatures: 1n | 2n, minimumEdition, maximumEdition };

/** All that is wrong with the options or the schema. */
export interface Refusal {
  readonly errors: readonly [GenerateError, ...GenerateError[]];
}

/** What comes of a request. */
export type Outcome = Generated | Refusal;

/**
 * The plugin, as a pure function, with its errors as data. Whatever it throws is a bug, or a file that cannot be decoded: files
 * may be decoded as late as here.
 */
export function outcome(request: CodeGeneratorRequest): Outcome {
  return orRefusal(() => generate(request, parseOptions(request.parameter)));
}

/** Turns the faults of a user's that are thrown into data. */
export function orRefusal<Value>(make: () => Value): Value | Refusal {
  try {
    return make();
  } catch (error) {
    if (error instanceof GenerateErrors) return { errors: error.errors };
    if (error instanceof GenerateError && error.code !== "malformed-request") return { errors: [error] };
    throw error;
  }
}

/** The same in protoc's terms: errors become the response's `error`, one line for each. */
export function run(request: CodeGeneratorRequest): CodeGeneratorResponse {
  const result = outcome(request);
  if ("errors" in result) return { ...limits, error: result.errors.join("\n"), file: [], warnings: [] };
  return { ...limits, file: result.files, warnings: result.warnings };
}

/**
 * The same over the wire format. Throws a GenerateError "malformed-request" where the bytes are no request. `warn` hears of what
 * will not work, but did not stop us.
 */
export function runBytes(request: Uint8Array, warn: (warning: string) => void = () => {}): Uint8Array {
  const response = orMalformed(() => run(decodeRequest(request)));
  response.warnings.forEach(warn);
  return encodeResponse(response);
}
