import type { JsImportStyle } from "../../plugin/options.js";
import { type ImportExtension, inferImportExtension } from "./import-extension.js";
import type { ProjectPackage } from "./nearest-package.js";
import { readTsconfig } from "./tsconfig.js";

/** Options that the project around the output folder decides, unless the user gives them. */
export interface InferredOptions {
  readonly importExtension: ImportExtension;
  readonly jsImportStyle: JsImportStyle;
  /** Whether messages must do without enums: TypeScript is told to refuse them, or types are only stripped. */
  readonly erasable: boolean;
}

/** Where there is no project: files that only live in memory. */
export const noProject: InferredOptions = { importExtension: "js", jsImportStyle: "module", erasable: false };

export async function inferOptions(out: string, project: ProjectPackage | undefined): Promise<InferredOptions> {
  const config = await readTsconfig(out);
  const options = config?.config.compilerOptions;
  const { value } = inferImportExtension(config, project);
  const bundled =
    options?.moduleResolution?.toLowerCase() === "bundler" || options?.module?.toLowerCase() === "preserve";
  return {
    importExtension: value,
    // A bundler reads ES modules whatever package.json says; without a package.json Node tells by the syntax.
    jsImportStyle: project?.type === "commonjs" && !bundled ? "legacy_commonjs" : "module",
    // `.ts` in imports and nothing that rewrites it: the files run as they are.
    erasable:
      options === undefined ||
      options.erasableSyntaxOnly === true ||
      (value === "ts" && options.rewriteRelativeImportExtensions !== true),
  };
}
