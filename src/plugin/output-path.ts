import { GenerateError } from "../model/generate-error.js";

/** The output paths of one run: each below the output folder, no two the same, not even where case makes no difference. */
export class OutputPaths {
  readonly #owners = new Map<string, string>();

  /** Takes the path of what is generated from `file`. */
  claim(path: string, file: string): string {
    const why = fault(path);
    if (why !== undefined) {
      throw new GenerateError("unsafe-output-path", `would be generated to ${JSON.stringify(path)}, which ${why}`, {
        file,
      });
    }
    const key = path.toLowerCase();
    const owner = this.#owners.get(key);
    if (owner !== undefined) {
      const text = `would be generated to ${JSON.stringify(path)}, and so would ${JSON.stringify(owner)} where case makes no difference`;
      throw new GenerateError("clashing-output-path", text, { file });
    }
    this.#owners.set(key, file);
    return path;
  }
}

/** Why a path is not one below the output folder, on any system. */
function fault(path: string): string | undefined {
  if (path.startsWith("/")) return "is absolute";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(path)) return "has control characters";
  if (path.includes("\\")) return "has a backslash";
  if (path.includes(":")) return "has a colon";
  const odd = path.split("/").find((part) => part === "" || part === "." || part === "..");
  return odd === undefined ? undefined : `has a folder ${JSON.stringify(odd)}`;
}
