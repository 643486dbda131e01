import type { FileModel, MessageRef, SourceFile } from "../model/file-model.js";
import type { Place } from "../model/generate-error.js";
import type { Target } from "./template.js";

/**
 * A message library, as far as stubs depend on it: what its names are, where they are imported from, and how a message
 * is encoded. Everything else is the same for all.
 */
export interface MessageFlavour {
  /** Names of packages' exports that its codecs and init types mention: no message may shadow them. */
  readonly reserved: readonly string[];
  /** What of the file's schema the library makes a bad job of, apart from messages of services. */
  warnings(model: FileModel): readonly string[];
  /**
   * What the library calls a message, which is used at `place`. Throws a GenerateError where it emits code for it that does
   * not compile.
   */
  names(message: MessageRef, source: SourceFile, place: Place): MessageNames;
  /** The module that exports a file's messages: a package, or a path from the output folder's root that starts with `./`. */
  module(source: SourceFile): string;
  /** The module of a file's generated codecs, where there is one: a path as of `module`. */
  codecModule?(source: SourceFile): string;
  /** The export of a file's {@link module} that describes a service of it at run time, where there is one. */
  descriptor?(typeName: string, source: SourceFile): string | undefined;
  /** The type of what may be sent, as a declaration of its own: `type PointInit = …;`. */
  initType(message: LocalMessage, target: Target): FlavourText | undefined;
  /** The codec of a message, as an expression. */
  codec(message: LocalMessage, ref: MessageRef): FlavourText;
}

/** The exports that belong to one message. Where one name is both, it is imported once. */
export interface MessageNames {
  /** The type of a message. */
  readonly shape: string;
  /** The value that describes it: a schema or a codec object. */
  readonly value: string;
  /** Its generated codec, from {@link MessageFlavour.codecModule}. */
  readonly codec?: string;
}

/** What the exports of a message are called in the generated file, where something else may have their names. */
export interface LocalMessage extends MessageNames {
  readonly init: string;
}

export interface FlavourText {
  readonly text: string;
  readonly imports: readonly { readonly module: string; readonly name: string; readonly typeOnly: boolean }[];
  /** Which of the message's exports it mentions. */
  readonly uses: readonly (keyof MessageNames)[];
}
