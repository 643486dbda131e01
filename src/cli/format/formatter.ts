import type { GeneratedFile } from "../../descriptors/response.js";
import { formatWithBiome } from "./biome.js";
import type { FormatContext, FormatterName } from "./format-context.js";
import { formatWithPrettier } from "./prettier.js";

/**
 * Lays generated files out as the project's own formatter would, by the config it has for files of that name. Files that it
 * is told to ignore stay as they are.
 *
 * @throws GenStubsError GS4004 where it is not installed, GS4005 where it fails.
 */
export function formatFiles(
  name: FormatterName,
  files: readonly GeneratedFile[],
  context: FormatContext,
): Promise<readonly GeneratedFile[]> {
  return name === "prettier" ? formatWithPrettier(files, context) : formatWithBiome(files, context);
}
