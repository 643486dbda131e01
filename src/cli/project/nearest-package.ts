import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface ProjectPackage {
  readonly folder: string;
  readonly type: "module" | "commonjs";
  /** All dependencies it declares, of any kind. */
  readonly declared: ReadonlySet<string>;
}

/** The project that a folder belongs to: the nearest `package.json` at or above it (which need not exist yet). */
export function nearestPackage(start: string): ProjectPackage | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (existsSync(file)) return readPackage(folder, file);
    if (folder === dirname(folder)) return undefined;
  }
}

function readPackage(folder: string, file: string): ProjectPackage | undefined {
  try {
    const json: Record<string, unknown> = JSON.parse(readFileSync(file, "utf8"));
    const declared = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"].flatMap((key) =>
      Object.keys(json[key] ?? {}),
    );
    return { folder, type: json["type"] === "module" ? "module" : "commonjs", declared: new Set(declared) };
  } catch {
    return undefined;
  }
}
