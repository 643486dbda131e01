import { createRequire } from "node:module";
import type { DescFile } from "@bufbuild/protobuf";
import type { FileDescriptor } from "../model/descriptors.js";
import { GenerateError } from "../model/generate-error.js";

/**
 * The files of a request as protobuf-es sees them at run time: with features resolved and types linked. Only generated codecs need
 * that. Its library is loaded here and not at the top, because it would double the time in which the plugin starts.
 */
export function linkFiles(files: readonly FileDescriptor[]): (path: string) => DescFile {
  const require = createRequire(import.meta.url);
  const { createFileRegistry, create, fromBinary }: typeof import("@bufbuild/protobuf") = require("@bufbuild/protobuf");
  const { FileDescriptorProtoSchema, FileDescriptorSetSchema }: typeof import("@bufbuild/protobuf/wkt") =
    require("@bufbuild/protobuf/wkt");
  const file = files.map(({ name, encoded }) => {
    if (encoded === undefined) throw new Error(`${name} did not come as bytes`);
    return fromBinary(FileDescriptorProtoSchema, encoded);
  });
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file }));
  return (path) => {
    const found = registry.getFile(path);
    if (found === undefined)
      throw new GenerateError("missing-file", `the request does not contain ${JSON.stringify(path)}`);
    return found;
  };
}
