import { createRequire } from "node:module";
import { join } from "node:path";
import { GenStubsError } from "../../errors/gen-stubs-error.js";

/**
 * Resolves a module of a package that the project has installed.
 *
 * @throws GenStubsError GS4004.
 */
export function findInProject(project: string, packageName: string, module: string): string {
  try {
    return createRequire(join(project, "package.json")).resolve(module);
  } catch {
    throw new GenStubsError({
      code: "GS4004",
      message: `--format-with: the package ${packageName} is not installed in this project`,
      hint: `npm install --save-dev ${packageName}`,
    });
  }
}

/** What a formatter that fails says. */
export function formatterFault(file: string, reason: unknown): GenStubsError {
  const message = reason instanceof Error ? reason.message : String(reason);
  return new GenStubsError({ code: "GS4005", message: `the formatter failed: ${message.trim()}`, file });
}
