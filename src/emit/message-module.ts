import type { SourceFile } from "../model/file-model.js";
import type { EmitOptions } from "./emit-options.js";
import { mapImport, rewrite, specifier } from "./module-path.js";

type Options = Pick<EmitOptions, "flavour" | "modules" | "mapImports" | "rewriteImports" | "importExtension">;

/** The import specifier of a file's messages in the file at `importer`, a path from the output folder's root. */
export function messageModule(source: SourceFile, importer: string, options: Options): string {
  const { flavour, modules, mapImports, rewriteImports, importExtension } = options;
  const given = modules.get(source.path);
  if (given !== undefined) return specifier(given, importer, "as-is");
  const own = flavour.module(source);
  // What a runtime brings stays there, as protoc-gen-es has it.
  const mapped = own.startsWith("./") ? mapImport(source.path, mapImports) : undefined;
  return specifier(rewrite(mapped === undefined ? own : `${mapped}_pb.js`, rewriteImports), importer, importExtension);
}
