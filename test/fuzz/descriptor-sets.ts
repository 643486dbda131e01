import { parseDescriptorSet } from "../../src/compile/descriptor-set.js";
import { encodeRequest } from "../../src/descriptors/request.js";
import { GenStubsError } from "../../src/errors/gen-stubs-error.js";
import { GenerateError } from "../../src/model/generate-error.js";
import { decodeRequest, orMalformed } from "../../src/plugin/decode-request.js";
import { run } from "../../src/plugin/run.js";

/**
 * What the command makes of bytes that are given to it as a descriptor set: an error in its words, or an answer. The field
 * of files has another number than in a request; it is all the same to mutated bytes.
 */
export function judgeDescriptorSet(bytes: Uint8Array): void {
  const set = asDescriptorSet(bytes);
  try {
    const files = parseDescriptorSet(set, "set.binpb");
    orMalformed(() => run(decodeRequest(encodeRequest(files, [...files.keys()], ""))));
  } catch (error) {
    if (error instanceof GenStubsError || error instanceof GenerateError) return;
    throw error;
  }
}

/** Field 15 (protoFile of a request) becomes field 1 (file of a set) wherever its tag stands at the top. */
function asDescriptorSet(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes[at]!;
    let length = 0;
    let next = at + 1;
    for (let shift = 0; next < bytes.length; shift += 7) {
      const byte = bytes[next++]!;
      length += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    const end = Math.min(bytes.length, next + length);
    if (tag === 0x7a) parts.push(Uint8Array.of(0x0a), bytes.subarray(at + 1, end));
    at = end;
  }
  return Uint8Array.from(Buffer.concat(parts));
}
