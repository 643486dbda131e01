import type { FileDescriptor } from "../model/descriptors.js";

/**
 * `google.protobuf.compiler.CodeGeneratorRequest`, as far as it is read. Messages of protobuf-es fit too.
 */
export interface CodeGeneratorRequest {
  readonly fileToGenerate: readonly string[];
  /** The options, `a=b,c=d`. */
  readonly parameter: string;
  /** The files to generate and all they import. */
  readonly protoFile: readonly FileDescriptor[];
}

/** `google.protobuf.compiler.CodeGeneratorResponse`, in the shape from which protobuf-es makes its message. */
export interface CodeGeneratorResponse {
  /** What is wrong with the input; then there are no files. */
  readonly error?: string;
  readonly supportedFeatures: bigint;
  readonly minimumEdition: number;
  readonly maximumEdition: number;
  readonly file: GeneratedFile[];
  /** What will not work, but did not stop us. Not part of the message: the plugin prints it. */
  readonly warnings: readonly string[];
}

export interface GeneratedFile {
  /** The path below the output folder, with slashes. */
  readonly name: string;
  readonly content: string;
}
