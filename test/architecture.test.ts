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
  cli: ["cache", "compile", "messages", "plugin", "skeleton", "descriptors", "errors", "process", "text"],
  // The command's own way from descriptors to files, without its arguments and its reports.
  testing: ["cli", "cache", "compile", "messages", "descriptors", "errors", "process"],
  compile: ["cache", "descriptors", "errors", "process", "text"],
  messages: ["cache", "emit", "model", "descriptors", "errors", "process"],
  plugin: ["model", "emit", "messages", "text"],
  // Loaded by the command that needs it, because it loads ts-morph.
  skeleton: ["errors", "plugin", "emit", "model"],
  emit: ["model"],
  model: ["text"],
  cache: ["process"],
  descriptors: [],
  errors: [],
  process: [],
  // Plain functions on strings, which every layer may need.
  text: [],
  runtime: [
    "runtime/bytes",
    "runtime/call",
    "runtime/channel",
    "runtime/channelz",
    "runtime/codec",
    "runtime/core",
    "runtime/errors",
    "runtime/health",
    "runtime/interceptors",
    "runtime/nestjs",
    "runtime/opentelemetry",
    "runtime/reflection",
    "runtime/resume",
    "runtime/testing",
    "runtime/transport",
    "runtime/transport/fetch",
    "runtime/transport/grpc-h2",
    "runtime/transport/grpc-js",
    "runtime/transport/web-socket",
    "runtime/transport/web",
    "runtime/validation",
  ],
  // Services like those of users: generated code and what implements it.
  "runtime/health": ["runtime", "runtime/call", "runtime/core"],
  "runtime/channelz": ["runtime", "runtime/call", "runtime/core", "runtime/transport"],
  "runtime/reflection": ["runtime", "runtime/call", "runtime/core"],
  "runtime/errors": [],
  "runtime/bytes": ["runtime/call", "runtime/core", "runtime/resume"],
  "runtime/resume": ["runtime/call", "runtime/core", "runtime/transport"],
  "runtime/testing": ["runtime", "runtime/call", "runtime/core", "runtime/transport"],
  "runtime/interceptors": ["runtime/call", "runtime/core"],
  // A server like those of users, whose handlers call Nest's.
  "runtime/nestjs": ["runtime", "runtime/call", "runtime/core", "runtime/transport", "runtime/transport/grpc-h2"],
  "runtime/validation": ["runtime", "runtime/call", "runtime/core"],
  "runtime/opentelemetry": ["runtime/call", "runtime/core"],
  "runtime/call": ["runtime/core", "runtime/transport", "runtime/wire"],
  // Between calls and transports: knows the wall, and no transport.
  "runtime/channel": ["runtime/core", "runtime/transport", "runtime/wire"],
  "runtime/codec": ["runtime/core"],
  "runtime/wire": ["runtime/core", "runtime/transport"],
  "runtime/h2": ["runtime/core"],
  "runtime/platform": ["runtime/core", "runtime/h2", "runtime/wire"],
  "runtime/transport": ["runtime/core", "runtime/h2", "runtime/wire"],
  "runtime/transport/fetch": ["runtime/core", "runtime/platform", "runtime/transport", "runtime/wire"],
  "runtime/transport/grpc-h2": ["runtime/core", "runtime/h2", "runtime/platform", "runtime/transport", "runtime/wire"],
  "runtime/transport/grpc-js": ["runtime/core", "runtime/transport", "runtime/wire"],
  // Our HTTP/2 over a further kind of pipe.
  "runtime/transport/web-socket": [
    "runtime/core",
    "runtime/platform",
    "runtime/transport",
    "runtime/transport/grpc-h2",
  ],
  "runtime/transport/web": [
    "runtime/codec",
    "runtime/core",
    "runtime/h2",
    "runtime/platform",
    "runtime/transport",
    "runtime/transport/grpc-h2",
    "runtime/wire",
  ],
  "runtime/core": [],
};

/** Packages that belong to some layers alone; those not named here are anybody's. */
const ONLY_IN: Readonly<Record<string, readonly string[]>> = {
  yargs: ["cli"],
  "cli-progress": ["cli"],
  "ts-morph": ["skeleton"],
  "@grpc/grpc-js": ["runtime", "runtime/transport/grpc-js"],
  "@grpc/proto-loader": ["runtime/nestjs"],
  "@nestjs/common": ["runtime/nestjs"],
  "@nestjs/microservices": ["runtime/nestjs"],
  rxjs: ["runtime/nestjs"],
  "@bufbuild/protovalidate": ["runtime/validation"],
  "@opentelemetry/api": ["runtime/opentelemetry"],
  ws: ["runtime/transport/web-socket"],
  "gen-stubs-runtime": ["runtime/channelz", "runtime/health", "runtime/reflection"],
};

/** Layers that must run in a browser too: nothing of Node in them, but what they look for on `globalThis`. */
const PORTABLE = [
  "runtime/bytes",
  "runtime/call",
  "runtime/codec",
  "runtime/core",
  "runtime/h2",
  "runtime/resume",
  "runtime/transport/fetch",
  "runtime/wire",
];

interface Import {
  readonly from: string;
  readonly specifier: string;
  /** `import type …`: gone once it is compiled. */
  readonly typesOnly: boolean;
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
    typesOnly: /^\s*(?:import|export) type\b/.test(match[0]),
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
    // What a channel is, and one that does all through another.
    const wall = ["transport", "forwarding-channel"].map((name) => join(SRC, `runtime/transport/${name}.ts`));
    const wrong = imports
      .filter(isRelative)
      .filter((imported) => layerOf(imported.from) === "runtime/call")
      .filter((imported) => layerOf(target(imported)).startsWith("runtime/transport"))
      .filter((imported) => !wall.includes(target(imported)));
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

  test("what must run in a browser imports nothing of Node", () => {
    const wrong = imports.filter(
      ({ from, specifier }) => PORTABLE.includes(layerOf(from)) && /^(?:node:|@grpc\/)/.test(specifier),
    );
    expect(wrong.map(shown)).toEqual([]);
    // Names of Node's that need no import; a portable way stands beside each look at `globalThis`.
    const named = files
      .filter((file) => PORTABLE.includes(layerOf(file)) && !file.includes("/gen/"))
      .filter((file) => {
        const code = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
        return /(?<![.\w?"])(?:Buffer\.|process\.|setImmediate\(|NodeJS\.)/.test(code);
      });
    expect(named.map((file) => relative(SRC, file))).toEqual([]);
  });

  test("what a browser loads for a WebSocket channel reaches nothing of Node, however far round", () => {
    const reached = new Set<string>();
    const visit = (file: string): void => {
      if (reached.has(file)) return;
      reached.add(file);
      const values = imports.filter(({ from, typesOnly }) => from === file && !typesOnly);
      for (const imported of values.filter(isRelative)) visit(target(imported));
    };
    visit(join(SRC, "runtime/web-socket.ts"));
    expect(reached.size).toBeGreaterThan(60);
    const packages = imports.filter((one) => reached.has(one.from) && !one.typesOnly && !isRelative(one));
    expect(packages.filter(({ specifier }) => packageOf(specifier) !== "@bufbuild/protobuf").map(shown)).toEqual([]);
    const code = (file: string) => readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    const named = [...reached].filter((file) => /(?<![.\w?"])(?:Buffer\.|process\.|setImmediate\()/.test(code(file)));
    expect(named.map((file) => relative(SRC, file))).toEqual([]);
  });

  test("the browser's client reaches nothing of Node, however far round", () => {
    const reached = new Set<string>();
    const visit = (file: string): void => {
      if (reached.has(file)) return;
      reached.add(file);
      const values = imports.filter(({ from, typesOnly }) => from === file && !typesOnly);
      for (const imported of values.filter(isRelative)) visit(target(imported));
    };
    visit(join(SRC, "runtime/web.ts"));
    visit(join(SRC, "runtime/codegen-v1.browser.ts"));
    visit(join(SRC, "runtime/codec-es.ts"));
    expect(reached.size).toBeGreaterThan(50);
    const packages = imports.filter(({ from, typesOnly }) => reached.has(from) && !typesOnly);
    expect(packages.filter(({ specifier }) => /^(?:node:|@grpc\/)/.test(specifier)).map(shown)).toEqual([]);
    const folders = [...reached].map((file) => relative(SRC, dirname(file)));
    expect(folders.filter((folder) => /h2|grpc-js|platform\/node|server/.test(folder))).toEqual([]);
  });

  test("the handlers for other servers run where there is no Node: they import its types alone", () => {
    const doors = join(SRC, "runtime/transport/web/doors/");
    const own = files.filter((file) => layerOf(file) === "runtime/transport/web" && !file.startsWith(doors));
    expect(own.length).toBeGreaterThan(10);
    const loaded = own.filter((file) => /^import (?!type\b)[^;]*from "node:/m.test(readFileSync(file, "utf8")));
    expect(loaded.map((file) => relative(SRC, file))).toEqual([]);
  });

  test("of the public files only grpc-js.ts knows of grpc-js", () => {
    const known = imports
      .filter(({ specifier }) => packageOf(specifier) === "@grpc/grpc-js")
      .map(({ from }) => relative(SRC, from));
    expect([...new Set(known)].filter((file) => !/^runtime\/(?:grpc-js\.ts|transport\/grpc-js\/)/.test(file))).toEqual(
      [],
    );
  });

  test("HTTP/2 itself knows no platform: no packages, nothing of Node", () => {
    const own = files.filter((file) => layerOf(file) === "runtime/h2");
    expect(own.length).toBeGreaterThan(10);
    const imported = imports.filter((one) => own.includes(one.from) && !isRelative(one));
    expect(imported.map(shown)).toEqual([]);
    const globals = /\b(?:Buffer|process|setImmediate|setTimeout|queueMicrotask|performance|Date)\b[.(]/;
    const code = (file: string) => readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    expect(own.filter((file) => globals.test(code(file))).map((file) => relative(SRC, file))).toEqual([]);
  });

  test("the runtime has no private getters: the V8 of Node 20 goes through its C++ runtime for each", () => {
    const own = files.filter((file) => relative(SRC, file).startsWith("runtime/"));
    expect(
      own.filter((file) => /^\s+get #/m.test(readFileSync(file, "utf8"))).map((file) => relative(SRC, file)),
    ).toEqual([]);
  });

  test("ts-morph is loaded by the command that needs it, and by no other", () => {
    const early = files
      .filter((file) => layerOf(file) === "cli")
      .filter((file) =>
        /^\s*(?:import|export)\b[^;]*?from\s+"[^"]*\/skeleton\/[^"]*"/m.test(readFileSync(file, "utf8")),
      );
    expect(early.map((file) => relative(SRC, file))).toEqual([]);
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
