import { maximumEdition, minimumEdition } from "../model/edition.js";
import { GenerateError } from "../model/generate-error.js";
import { decodeRequest, orMalformed } from "./decode-request.js";
import { encodeResponse } from "./encode-response.js";
import { generate } from "./generate.js";
import { parseOptions } from "./options.js";
import type { CodeGeneratorRequest, CodeGeneratorResponse } from "./plugin-messages.js";

/** `FEATURE_PROTO3_OPTIONAL | FEATURE_SUPPORTS_EDITIONS` of google/protobuf/compiler/plugin.proto, and the editions. */
const limits = { supportedFeatures: 1n | 2n, minimumEdition, maximumEdition };

/**
 * The plugin, as a pure function. What is wrong with the options or the schema comes back as the response's `error`, one line
 * for each fault; whatever it throws is a bug.
 */
export function run(request: CodeGeneratorRequest): CodeGeneratorResponse {
  try {
    const { files, warnings } = generate(request, parseOptions(request.parameter));
    return { ...limits, file: files, warnings };
  } catch (error) {
    if (error instanceof GenerateError && error.code !== "malformed-request") return failure(`${error}`);
    if (error instanceof AggregateError) return failure(error.errors.join("\n"));
    throw error;
  }
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

function failure(error: string): CodeGeneratorResponse {
  return { ...limits, error, file: [], warnings: [] };
}
