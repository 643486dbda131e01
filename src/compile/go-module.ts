import { readFileSync } from "node:fs";
import { join } from "node:path";
import { nearestWith } from "./workspace.js";

/** A Go module, whose path Go's protobuf users write in front of import names. */
export interface GoModule {
  /** E.g. `github.com/moby/buildkit`. */
  readonly path: string;
  /** Absolute folder of its go.mod. */
  readonly folder: string;
  /** Modules it requires, with their versions, by module path. */
  readonly requires: ReadonlyMap<string, string>;
}

/** Finds the Go module that a folder lies in; each go.mod is read once. */
export function goModules(): (folder: string) => GoModule | undefined {
  const byFolder = new Map<string, GoModule | undefined>();
  const read = new Map<string, GoModule | undefined>();
  return (folder) => {
    if (!byFolder.has(folder)) {
      const home = nearestWith(folder, "go.mod");
      if (home !== undefined && !read.has(home)) read.set(home, readModule(home));
      byFolder.set(folder, home === undefined ? undefined : read.get(home));
    }
    return byFolder.get(folder);
  };
}

function readModule(folder: string): GoModule | undefined {
  try {
    return parseGoMod(readFileSync(join(folder, "go.mod"), "utf8"), folder);
  } catch {
    return undefined;
  }
}

/** Reads what is needed of a go.mod (https://go.dev/ref/mod#go-mod-file): the directives `module` and `require`. */
export function parseGoMod(text: string, folder: string): GoModule | undefined {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/\s*\/\/.*$/, "").trim());
  const requires = new Map<string, string>();
  let path: string | undefined;
  let block = "";
  for (const line of lines) {
    const words = line.split(/\s+/).map((word) => word.replace(/^["`]|["`]$/g, ""));
    if (line === ")") block = "";
    else if (words.at(-1) === "(") block = words[0] ?? "";
    else {
      const [verb, ...rest] = block === "" ? words : [block, ...words];
      const [first, second] = rest;
      if (verb === "module" && first !== undefined) path = first;
      if (verb === "require" && first !== undefined && second !== undefined) requires.set(first, second);
    }
  }
  return path === undefined ? undefined : { path, folder, requires };
}

/** The required module that an import name lies in: the longest path that the name starts with. */
export function requiredModule(
  module: GoModule,
  name: string,
): { readonly path: string; readonly version: string } | undefined {
  const fits = [...module.requires].filter(([path]) => name.startsWith(`${path}/`));
  const best = fits.sort(([a], [b]) => b.length - a.length)[0];
  return best === undefined ? undefined : { path: best[0], version: best[1] };
}
