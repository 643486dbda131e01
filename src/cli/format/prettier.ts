import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { GeneratedFile } from "../../descriptors/response.js";
import { checkInterruption } from "../interruption.js";
import { outputPath } from "../output/safe-path.js";
import { findInProject, formatterFault } from "./find-package.js";
import type { FormatContext } from "./format-context.js";

/** What is used of Prettier 3's API (prettier.io/docs/api). */
interface Prettier {
  format(text: string, options: object): Promise<string>;
  resolveConfig(path: string, options: object): Promise<object | null>;
  getFileInfo(path: string, options: object): Promise<{ readonly ignored: boolean }>;
}

export async function formatWithPrettier(
  files: readonly GeneratedFile[],
  { out, project, signal }: FormatContext,
): Promise<readonly GeneratedFile[]> {
  const entry = findInProject(project, "prettier", "prettier");
  const module: { readonly default: Prettier } = await import(pathToFileURL(entry).href);
  const prettier = module.default;
  const formatted: GeneratedFile[] = [];
  for (const file of files) {
    await checkInterruption(signal);
    const path = outputPath(out, file.name);
    try {
      const { ignored } = await prettier.getFileInfo(path, { ignorePath: join(project, ".prettierignore") });
      const config = ignored ? null : await prettier.resolveConfig(path, { editorconfig: true });
      const content = ignored ? file.content : await prettier.format(file.content, { ...config, filepath: path });
      formatted.push({ name: file.name, content });
    } catch (error) {
      throw formatterFault(path, error);
    }
  }
  return formatted;
}
