import type { JsImportStyle } from "./js-module.js";
import type { MessageFlavour } from "./message-flavour.js";
import type { ImportExtension, RewriteImport } from "./module-path.js";

/** What may differ in the text of the stubs. */
export interface EmitOptions {
  readonly flavour: MessageFlavour;
  /** Emit client classes; emit what servers need. */
  readonly client: boolean;
  readonly server: boolean;
  readonly importExtension: ImportExtension;
  readonly jsImportStyle: JsImportStyle;
  readonly rewriteImports: readonly RewriteImport[];
  /** Packages that have the messages of .proto files, by patterns of their paths. */
  readonly mapImports: readonly RewriteImport[];
  /** Modules of messages by .proto file, where the user says so. */
  readonly modules: ReadonlyMap<string, string>;
  readonly tsNocheck: boolean;
}
