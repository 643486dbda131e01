import type { MessageFlavour } from "../emit/message-flavour.js";

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
  /**
   * Takes the library's own options.
   *
   * @throws GenerateError where messages would come without what stubs call
   */
  prepare(own: ReadonlyMap<string, string>): PreparedLibrary;
}

export interface PreparedLibrary {
  /** What `import_extension` is where only the library's own options say it. */
  readonly importExtension?: string | undefined;
  /** `generated`: paths of the files that are generated in the same run. */
  flavour(generated: ReadonlySet<string>): MessageFlavour;
}
