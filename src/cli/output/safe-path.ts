import { join } from "node:path";
import type { GeneratedFile } from "../../descriptors/response.js";
import { type Fault, throwFaults } from "../../errors/gen-stubs-error.js";
import { foldName } from "./disk-names.js";

/**
 * Refuses outputs whose names lead out of the output folder or clash. Names come from `.proto` file names and generators,
 * so they are not to be trusted.
 *
 * @throws GenStubsError GS5001, GS5005.
 */
export function checkNames(outputs: readonly GeneratedFile[]): void {
  const faults: Fault[] = [];
  const seen = new Map<string, string>();
  for (const { name } of outputs) {
    const problem = nameProblem(name);
    if (problem !== undefined) {
      faults.push({ code: "GS5001", message: `the output name ${JSON.stringify(name)} ${problem}` });
      continue;
    }
    // Two names that differ by case only are one file on macOS and Windows.
    const key = foldName(name);
    const other = seen.get(key);
    if (other !== undefined) {
      const how = other === name ? "twice" : `beside "${other}", which is the same file on macOS and Windows`;
      faults.push({
        code: "GS5005",
        message: `"${name}" would be written ${how}`,
        hint: "rename one of the .proto files",
      });
    }
    seen.set(key, name);
  }
  throwFaults(faults);
}

/** Why a name cannot be one of a file in the output folder, if so. */
export function nameProblem(name: string): string | undefined {
  if (name === "") return "is empty";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f]/.test(name)) return "holds a control character";
  if (name.startsWith("/") || /^[A-Za-z]:/.test(name)) return "is absolute";
  if (name.includes("\\")) return "holds a backslash";
  if (name.split("/").some((part) => part === "" || part === "." || part === "..")) return "leaves the output folder";
  return undefined;
}

/** Where a checked name lies on disk. */
export function outputPath(out: string, name: string): string {
  return join(out, ...name.split("/"));
}
