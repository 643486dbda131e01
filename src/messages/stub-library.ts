import type { EmitOptions } from "../emit/emit-options.js";
import type { MessageFlavour } from "../emit/message-flavour.js";
import type { Target } from "../emit/template.js";
import type { FileDescriptor } from "../model/descriptors.js";
import type { FileModel, SourceFile } from "../model/file-model.js";

/** A message library, as the stubs' plugin knows it: the option `messages`, and what follows from it. */
export interface StubLibrary {
  /** The value of the option `messages`. */
  readonly name: string;
  /** The option that carries the library's own options, `<name>=<value>` each, where they matter to stubs. */
  readonly ownOptions?: string;
  /** Whether it declares the JSON shape of messages, by `<message>Json`, which the k6 stubs need. */
  readonly jsonTypes: boolean;
  /** Whether it takes `map_imports`. */
  readonly mapsImports: boolean;
  /** Whether codecs can be generated for it: `codec=generated`. */
  readonly generatesCodecs: boolean;
  /**
   * Takes the library's own options.
   *
   * @param codec the option `codec`; `runtime` without one
   * @throws GenerateError where messages would come without what stubs call
   */
  prepare(own: ReadonlyMap<string, string>, codec?: Codec): PreparedLibrary;
}

/** The values of the option `codec`, the default first. */
export const codecs = ["runtime", "generated"] as const;

export type Codec = (typeof codecs)[number];

/**
 * Writes the codecs of a file's messages, `<file>_codec.ts`.
 *
 * @param source the file of a path, which the model's file imports or is
 * @param path where it will stand, from the output folder's root
 */
export type CodecFiles = (
  model: FileModel,
  source: (path: string) => SourceFile,
  path: string,
  target: Target,
  options: EmitOptions,
) => string;

export interface PreparedLibrary {
  /** What `import_extension` is where only the library's own options say it. */
  readonly importExtension?: string | undefined;
  /** `generated`: paths of the files that are generated in the same run. */
  flavour(generated: ReadonlySet<string>): MessageFlavour;
  /** Where codecs are generated: what writes them, for the files of one request. */
  codecFiles?(files: readonly FileDescriptor[], generated: ReadonlySet<string>): CodecFiles;
}
