import type { MessageNames } from "../../emit/message-flavour.js";
import type { SourceFile } from "../../model/file-model.js";
import { NameScope } from "../../model/names/name-scope.js";

/** The words that protoc-gen-es does not use as they are (`safeIdentifier` of @bufbuild/protoplugin 2.17). */
const escaped = new Set(
  (
    "break case catch class const continue debugger default delete do else export extends false finally for function " +
    "if import in instanceof new null return super switch this throw true try typeof var void while with yield " +
    "enum implements interface let package private protected public static " +
    "Object bigint number boolean string object globalThis Uint8Array Partial"
  ).split(" "),
);

/**
 * What protoc-gen-es calls the messages of a file. Shapes are named first, nested ones `Outer_Inner`; then come the schema
 * of the file, and those of all types in order. Who comes later gets a `$`.
 */
export function esNames(source: SourceFile): ReadonlyMap<string, MessageNames> {
  return exportsOf(source).messages;
}

/** What protoc-gen-es calls the descriptors of a file's services. */
export function esServiceNames(source: SourceFile): ReadonlyMap<string, string> {
  return exportsOf(source).services;
}

function exportsOf(source: SourceFile): {
  readonly messages: ReadonlyMap<string, MessageNames>;
  readonly services: ReadonlyMap<string, string>;
} {
  const scope = new NameScope();
  const offset = source.package === "" ? 0 : source.package.length + 1;
  const identifiers = source.types.map(({ typeName }) => typeName.slice(offset).replace(/\./g, "_"));
  const shapes = source.types.map(({ kind }, index) =>
    kind === "message" || kind === "enum" ? claim(scope, identifiers[index]!) : "",
  );
  claim(scope, `file_${source.path.replace(/\.proto$/, "").replace(/[^a-zA-Z0-9_]+/g, "_")}`);
  const messages = new Map<string, MessageNames>();
  const services = new Map<string, string>();
  source.types.forEach(({ kind, typeName }, index) => {
    const hasSchema = kind === "message" || kind === "enum";
    const value = claim(scope, hasSchema ? `${identifiers[index]}Schema` : identifiers[index]!);
    if (kind === "message") messages.set(typeName, { shape: shapes[index]!, value });
    if (kind === "service") services.set(typeName, value);
  });
  return { messages, services };
}

function claim(scope: NameScope, identifier: string): string {
  return scope.claim(escaped.has(identifier) ? `${identifier}$` : identifier);
}
