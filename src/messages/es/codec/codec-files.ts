import type { FileDescriptor } from "../../../model/descriptors.js";
import type { CodecFiles } from "../../stub-library.js";
import { emitCodecFile } from "./emit-codec-file.js";
import { linkFiles } from "./link-files.js";

/** Writes the codec files of a run; see {@link CodecFiles}. */
export function codecFiles(files: readonly FileDescriptor[], generated: ReadonlySet<string>): CodecFiles {
  const linked = linkFiles(files);
  return (model, source, path, target, options) =>
    emitCodecFile({ model, file: linked(model.path), generated, source }, path, target, options);
}
