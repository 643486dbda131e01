import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const SRC = fileURLToPath(new URL("../src/", import.meta.url));

/**
 * Who may import whom. A layer is a folder of `src`; the runtime's are `runtime/<folder>`, its public files are `runtime`,
 * and the files right under `transport/` (the wall between calls and transports) are `runtime/transport`.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  cli: ["cache", "compile", "messages", "plugin", "descriptors", "errors", "process"],
  compile: ["cache", "descriptors", "errors", "process"],
  messages: ["cache", "descriptors", "errors", "process"],
  plugin: ["model", "emit"],
  emit: ["model"],
  model: [],
  cache: [],
  descriptors: [],
  errors: [],
  process: [],
  runtime: [
    "runtime/call",
    "runtime/codec",
    "runtime/core",
    "runtime/health",
    "runtime/reflection",
    "runtime/transport",
    "runtime/transport/grpc-js",
    "runtime/transport/http2",
    "runtime/transport/in-process",
  ],
  // Services like those of users: generated code and what implements it.
  "runtime/health": ["runtime", "runtime/call", "runtime/core"],
  "runtime/reflection": ["runtime", "runtime/call", "runtime/core"],
  "runtime/call": ["runtime/core", "runtime/transport", "runtime/wire"],
  "runtime/codec": ["runtime/core"],
  "runtime/wire": ["runtime/core", "runtime/transport"],
  "runtime/transport": ["runtime/core"],
  "runtime/transport/grpc-js": ["runtime/core", "runtime/transport", "runtime/wire"],
  "runtime/transport/http2": ["runtime/core", "runtime/transport", "runtime/wire"],
  "runtime/transport/in-process": ["runtime/core", "runtime/transport", "runtime/transport/http2", "runtime/wire"],
  "runtime/core": [],
};

/** Packages that belong to some layers alone; those not named here are anybody's. */
const ONLY_IN: Readonly<Record<string, readonly string[]>> = {
  yargs: ["cli"],
  "cli-progress": ["cli"],
  "ts-morph": ["cli"],
  "@grpc/grpc-js": ["runtime", "runtime/core", "runtime/transport/grpc-js"],
  "gen-stubs-runtime": ["runtime/health", "runtime/reflection"],
};

interface Import {
  readonly from: string;
  readonly specifier: string;
}

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !/(^|\/)(dist|node_modules|compiled)\//.test(file))
  .map((file) => join(SRC, file));

/** The imports of a file, types too: `import … from "x"`, `export … from "x"`, `import "x"`, `import("x")`. */
function importsOf(file: string): Import[] {
  const text = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  const pattern = /^\s*(?:import|export)\b[^;"'`]*?\bfrom\s+"([^"]+)"|^\s*import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm;
  return [...text.matchAll(pattern)].map((match) => ({
    from: file,
    specifier: match[1] ?? match[2] ?? match[3] ?? "",
  }));
}

function layerOf(file: string): string {
  const [first = "", second = "", third, fourth] = relative(SRC, file).split("/");
  if (first !== "runtime") return first;
  if (third === undefined) return "runtime";
  if (second === "transport" && fourth !== undefined) return `runtime/transport/${third}`;
  return `runtime/${second}`;
}

const imports = files.flatMap(importsOf);
const isRelative = ({ specifier }: Import) => specifier.startsWith(".");
const target = ({ from, specifier }: Import) => resolve(dirname(from), specifier.replace(/\.js$/, ".ts"));
const packageOf = (specifier: string) => specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
const shown = ({ from, specifier }: Import) => `${relative(SRC, from)} imports ${specifier}`;

describe("the architecture", () => {
  test("the files and their imports were found", () => {
    expect(files.length).toBeGreaterThan(50);
    expect(imports.length).toBeGreaterThan(200);
  });

  test("every folder of src is a layer with a rule", () => {
    expect([...new Set(files.map(layerOf))].filter((layer) => MAY_IMPORT[layer] === undefined)).toEqual([]);
  });

  test("layers import only the layers below them", () => {
    const wrong = imports.filter(isRelative).filter((imported) => {
      const [from, to] = [layerOf(imported.from), layerOf(target(imported))];
      return from !== to && MAY_IMPORT[from]?.includes(to) !== true;
    });
    expect(wrong.map(shown)).toEqual([]);
  });

  test("calls know of transports only the wall", () => {
    const wall = join(SRC, "runtime/transport/transport.ts");
    const wrong = imports
      .filter(isRelative)
      .filter((imported) => layerOf(imported.from) === "runtime/call")
      .filter((imported) => layerOf(target(imported)).startsWith("runtime/transport") && target(imported) !== wall);
    expect(wrong.map(shown)).toEqual([]);
  });

  test("packages are loaded only where they belong, and by their public paths", () => {
    const wrong = imports
      .filter((imported) => !isRelative(imported))
      .filter(({ from, specifier }) => {
        const allowed = ONLY_IN[packageOf(specifier)];
        return (
          (allowed !== undefined && !allowed.includes(layerOf(from))) || /\/(?:dist|build|lib|src)\//.test(specifier)
        );
      });
    expect(wrong.map(shown)).toEqual([]);
  });

  test("no file imports itself, however far round", () => {
    const edges = new Map<string, string[]>(files.map((file) => [file, []]));
    for (const imported of imports.filter(isRelative)) edges.get(imported.from)?.push(target(imported));
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) {
        cycles.push([...path.slice(path.indexOf(file)), file].map((step) => relative(SRC, step)).join(" → "));
        return;
      }
      if (done.has(file)) return;
      for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });
});
