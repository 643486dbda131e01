import type { EmitOptions } from "./emit-options.js";
import type { NamedDescriptor, NamedMessage } from "./file-names.js";
import type { PackageImport, Target } from "./template.js";

/** What the parts of one file report while they are emitted. */
export interface FileContext {
  readonly target: Target;
  readonly options: EmitOptions;
  readonly message: (typeName: string) => NamedMessage;
  readonly usePackages: (imports: readonly PackageImport[]) => void;
  readonly useShape: (message: NamedMessage) => void;
  readonly useInit: (message: NamedMessage) => void;
  readonly useDescriptor: (descriptor: NamedDescriptor) => void;
  readonly useCodec: (message: NamedMessage) => void;
}
