import type { TsConfigResult } from "get-tsconfig";
import type { ProjectPackage } from "./nearest-package.js";

export type ImportExtension = "js" | "ts" | "none";

/** An extension for imports between generated files, and what it was told by. */
export interface InferredExtension {
  readonly value: ImportExtension;
  readonly reason: string;
}

/**
 * The extension that relative imports need in the project around the output folder.
 *
 * @param config its tsconfig.json
 *
 * Rules (TypeScript handbook, "Modules - Reference"): under `node16`/`nodenext` relative imports carry an extension, under
 * `bundler` and `commonjs` they need none. Without a tsconfig.json Node's own rule decides: ES modules need one.
 */
export function inferImportExtension(
  config: TsConfigResult | null,
  project: ProjectPackage | undefined,
): InferredExtension {
  const esm = project?.type === "module";
  const options = config?.config.compilerOptions;
  const where = config?.path ?? "";
  if (options === undefined) {
    if (project === undefined) return { value: "js", reason: "no tsconfig.json or package.json found" };
    return { value: esm ? "js" : "none", reason: `package.json: type ${project.type}` };
  }
  const resolution = options.moduleResolution?.toLowerCase();
  const module = options.module?.toLowerCase();
  if (resolution === "bundler" || (resolution === undefined && module === "preserve")) {
    return { value: "none", reason: `${where}: moduleResolution bundler` };
  }
  const node = /^node(16|18|20|next)$/;
  if (node.test(resolution ?? "") || (resolution === undefined && node.test(module ?? ""))) {
    if (options.rewriteRelativeImportExtensions === true || options.allowImportingTsExtensions === true) {
      return { value: "ts", reason: `${where}: ${module ?? resolution} with .ts imports allowed` };
    }
    return { value: "js", reason: `${where}: module ${module ?? resolution}` };
  }
  if (module === "commonjs") return { value: "none", reason: `${where}: module commonjs` };
  return { value: esm ? "js" : "none", reason: `${where}; package.json: type ${project?.type ?? "none"}` };
}
