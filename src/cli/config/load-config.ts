import { existsSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { displayPath } from "../../compile/paths.js";
import { GenStubsError } from "../../errors/gen-stubs-error.js";
import { cacheFolder } from "../project/project-cache.js";
import { checkConfig, type Entry } from "./check-config.js";
import { placeInConfig } from "./config-place.js";
import { findConfig } from "./find-config.js";
import { readJsonConfig } from "./json-config.js";

export interface LoadedConfig {
  /** Absolute path of the file. */
  readonly path: string;
  /** One for each output; at least one. */
  readonly outputs: readonly [Entry, ...Entry[]];
}

/**
 * Loads the config of a project.
 *
 * @param given the path that `--config` names; without it, the config is looked for
 * @throws GenStubsError GS1005 where the file named is not there, GS1006 for what is wrong in it.
 */
export async function loadConfig(given: string | undefined, cwd: string): Promise<LoadedConfig | undefined> {
  const path = given === undefined ? findConfig(cwd) : resolve(cwd, given);
  if (path === undefined) return undefined;
  if (!existsSync(path)) throw new GenStubsError({ code: "GS1005", message: `--config: "${given}" does not exist` });
  const shown = displayPath(path, cwd);
  const value = await read(path, shown, cwd);
  const [first, ...others] = checkConfig(value, { file: shown, placeOf: (keys) => placeInConfig(path, keys) });
  if (first === undefined) throw new Error("a checked config has an output");
  return { path, outputs: [first, ...others] };
}

async function read(path: string, shown: string, cwd: string): Promise<unknown> {
  try {
    if (extname(path) === ".json") return readJsonConfig(path, shown);
    return await evaluate(path, cwd);
  } catch (error) {
    if (error instanceof GenStubsError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new GenStubsError({ code: "GS1006", message: `it cannot be loaded: ${message}`, file: shown });
  }
}

/** TypeScript and JavaScript alike, read anew each time: Node itself keeps a module for good. */
async function evaluate(path: string, cwd: string): Promise<unknown> {
  const { createJiti } = await import("jiti");
  const jiti = createJiti(path, {
    moduleCache: false,
    fsCache: join(cacheFolder(cwd), "config"),
    // Where the command is run by npx, the project has no package to import the types from.
    alias: { "gen-stubs/config": fileURLToPath(new URL("./config.js", import.meta.url)) },
  });
  return await jiti.import(path, { default: true });
}
