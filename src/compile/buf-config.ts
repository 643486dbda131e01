import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import type { BufConfig, BufModule } from "./buf-modules.js";
import { nearestWith } from "./workspace.js";

/**
 * Reads the `buf.yaml` (v1beta1, v1, v2) or `buf.work.yaml` (v1) that governs a folder: of the one nearest above and the
 * workspace that names it. A file that cannot be read as such counts for nothing: buf itself says what is wrong with it.
 *
 * Source: https://buf.build/docs/configuration/v2/buf-yaml, v1/buf-yaml and v1/buf-work-yaml.
 */
export function readBufConfig(folder: string): BufConfig | undefined {
  const work = nearestWith(folder, "buf.work.yaml");
  if (work !== undefined) {
    const file = join(work, "buf.work.yaml");
    const modules = strings(load(file)?.["directories"]).map((name) => readModuleFile(resolve(work, name)));
    return { file, modules: modules.flatMap((one) => one.modules), deps: modules.flatMap((one) => one.deps) };
  }
  const home = nearestWith(folder, "buf.yaml");
  if (home === undefined) return undefined;
  const config = readModuleFile(home);
  // A buf.yaml of a module of v1 lies in the module; one of v2 may lie above it.
  return { file: join(home, "buf.yaml"), ...config };
}

function readModuleFile(home: string): Pick<BufConfig, "modules" | "deps"> {
  const file = join(home, "buf.yaml");
  const config = existsSync(file) ? load(file) : {};
  if (config === undefined) return { modules: [], deps: [] };
  const deps = strings(config["deps"]);
  const listed = config["modules"];
  if (config["version"] === "v2" && Array.isArray(listed)) {
    const modules = listed.filter(isObject).map((entry): BufModule => {
      const folder = resolve(home, typeof entry["path"] === "string" ? entry["path"] : ".");
      // In v2, unlike v1, excludes are relative to the file.
      return { folder, excludes: strings(entry["excludes"]).map((name) => resolve(home, name)) };
    });
    return { modules, deps };
  }
  const build = isObject(config["build"]) ? config["build"] : {};
  const roots = strings(build["roots"]);
  const excludes = strings(build["excludes"]).map((name) => resolve(home, name));
  return {
    modules: (roots.length === 0 ? ["."] : roots).map((root) => ({ folder: resolve(home, root), excludes })),
    deps,
  };
}

function load(file: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = parse(readFileSync(file, "utf8"));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
