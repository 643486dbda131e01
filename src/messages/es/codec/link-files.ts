import { createRequire } from "node:module";
import type { DescFile, FileRegistry } from "@bufbuild/protobuf";
import type { FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import type { FileDescriptor } from "../../../model/descriptors.js";
import { GenerateError } from "../../../model/generate-error.js";

/**
 * The files of a request as protobuf-es sees them at run time: with features resolved and types linked. Only generated codecs
 * need that. Its library is loaded here and not at the top, because it would double the time in which the plugin starts.
 *
 * @throws GenerateError "malformed-request" where the descriptors do not fit together, as no compiler lets them
 */
export function linkFiles(files: readonly FileDescriptor[]): (path: string) => DescFile {
  const registry = link(files);
  return (path) => {
    const found = registry.getFile(path);
    // The files to generate have been looked for in the request already.
    if (found === undefined)
      throw new GenerateError("missing-file", `the request does not contain ${JSON.stringify(path)}`);
    return found;
  };
}

function link(files: readonly FileDescriptor[]): FileRegistry {
  const require = createRequire(import.meta.url);
  const { createFileRegistry, create, fromBinary }: typeof import("@bufbuild/protobuf") = require("@bufbuild/protobuf");
  const { FileDescriptorProtoSchema, FileDescriptorSetSchema }: typeof import("@bufbuild/protobuf/wkt") =
    require("@bufbuild/protobuf/wkt");
  try {
    const file = files.map((one) => {
      if (one.encoded !== undefined) return fromBinary(FileDescriptorProtoSchema, one.encoded);
      // Not from bytes: then it is a message of protobuf-es, whose fields the descriptor's are.
      return one as unknown as FileDescriptorProto;
    });
    return createFileRegistry(create(FileDescriptorSetSchema, { file }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new GenerateError("malformed-request", `the descriptors do not fit together: ${reason}`);
  }
}
