import { maximumEdition, minimumEdition } from "../model/edition.js";
import { GenerateError } from "../model/generate-error.js";
import { decodeRequest, orMalformed } from "./decode-request.js";
import { encodeResponse } from "./encode-response.js";
import { generate } from "./generate.js";
import { parseOptions } from "./options.js";
import type { CodeGeneratorRequest, CodeGeneratorResponse, GeneratedFile } from "./plugin-messages.js";

/** `FEATURE_PROTO3_OPTIONAL | FEATURE_SUPPORTS_EDITIONS` of google/protobuf/compiler/plugin.proto */
const supportedFeatures = 1n | 2n;

/**
 * The plugin, as a pure function. What is wrong with the options or the schema comes back as the response's `error`, one line
 * for each fault; whatever it throws is a bug.
 */
export function run(request: CodeGeneratorRequest): CodeGeneratorResponse {
  try {
    return response({ file: generate(request, parseOptions(request.parameter)) });
  } catch (error) {
    if (error instanceof GenerateError && error.code !== "malformed-request") return response({ error: `${error}` });
    if (error instanceof AggregateError) return response({ error: error.errors.join("\n") });
    throw error;
  }
}

/** The same over the wire format. Throws a GenerateError "malformed-request" where the bytes are no request. */
export function runBytes(request: Uint8Array): Uint8Array {
  return encodeResponse(orMalformed(() => run(decodeRequest(request))));
}

function response({ error, file = [] }: { error?: string; file?: GeneratedFile[] }): CodeGeneratorResponse {
  return { ...(error === undefined ? {} : { error }), supportedFeatures, minimumEdition, maximumEdition, file };
}
