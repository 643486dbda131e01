import { defineConfig, type Rolldown, type UserConfig } from "tsdown";

/**
 * The entry points of `gen-stubs-runtime`, one a line: `grpc-js` is `src/runtime/grpc-js.ts`. The build writes `exports` and
 * `typesVersions` of its package.json from them.
 */
const runtimeEntries = [
  "index",
  "index.bundled",
  "balancing",
  "bytes",
  "channelz",
  "codec-es",
  "codec-es.browser",
  "codec-es-v1",
  "codec-ts-proto",
  "codegen-v1",
  "codegen-v1.browser",
  "current-call",
  "errors",
  "grpc-js",
  "health",
  "in-process",
  "interceptors",
  "json",
  "nestjs",
  "opentelemetry",
  "reflection",
  "relay",
  "resume",
  "service-config",
  "testing",
  "tls",
  "validation",
  "web-socket",
  "web-socket.browser",
  "web-socket-server",
  "web-server",
  "web",
];

const both: UserConfig = {
  // A file for each source, so that bundlers leave out what is not used.
  unbundle: true,
  platform: "node",
  target: "es2023",
  // `.js` and `.cjs` in a package of type module, each with its own declarations.
  fixedExtension: false,
  dts: { oxc: true, sourcemap: false },
  sourcemap: true,
  report: false,
  logLevel: "error",
  inputOptions: (options, format, { cjsDts }) => ({
    ...options,
    // Inlined constants would leave bare imports behind, of which esbuild warns: the package has no side effects.
    optimization: { inlineConst: false },
    plugins: cjsDts || format === "es" ? [options.plugins, declarations()] : options.plugins,
  }),
  // What is installed is to be small (5 MB with protobuf-es): the TSDoc is in the declarations alone, and maps, of the ES modules, tell lines of
  // the sources without the sources.
  outputOptions: (options, format, { cjsDts }) => ({
    ...options,
    sourcemap: format === "es",
    sourcemapExcludeSources: true,
    ...(cjsDts ? {} : { comments: { jsdoc: false } }),
  }),
};

export default defineConfig([
  {
    ...both,
    name: "gen-stubs-runtime",
    cwd: "src/runtime",
    entry: runtimeEntries.map((entry) => `${entry}.ts`),
    format: ["esm", "cjs"],
    exports: { customExports: (exports, { pkg }) => withTypes(exports, pkg) },
  },
  {
    // The ES modules of the generator are tsc's; here are only the twins of what others import.
    ...both,
    name: "gen-stubs",
    tsconfig: "tsconfig.build.json",
    entry: { "testing/index": "src/testing/index.ts", "cli/config/config": "src/cli/config/config.ts" },
    format: "cjs",
    clean: false,
  },
]);

/**
 * What the name of an entry ends in that stands in another's place, and where: in pages, and in all bundles ("module" is set by
 * bundlers alone).
 */
const STAND_INS: Readonly<Record<string, string>> = { browser: ".browser", module: ".bundled" };

/** What Workers are to have whole: they have Node's diagnostics and zlib, though what bundles them asks for what pages take. */
const WHOLE_IN_WORKERS: readonly string[] = ["./codegen-v1", "./web-socket"];

/** Names the declarations of each file beside it, and once more for `moduleResolution: node10`, which knows no `exports`. */
function withTypes(exports: Record<string, unknown>, manifest: Record<string, unknown>): Record<string, unknown> {
  const standIns = Object.values(STAND_INS);
  const paths = Object.keys(exports).filter(
    (path) => path !== "./package.json" && !standIns.some((ending) => path.endsWith(ending)),
  );
  manifest["main"] = "./dist/index.cjs";
  manifest["types"] = "./dist/index.d.cts";
  const names = paths.filter((path) => path !== ".").map((path) => path.slice("./".length));
  manifest["typesVersions"] = { "*": Object.fromEntries(names.map((name) => [name, [`./dist/${name}.d.cts`]])) };
  const dual = paths.map((path) => {
    const name = path === "." ? "./index" : path;
    const file = `./dist/${name.slice("./".length)}`;
    // Other files for some; their types are the same.
    const others = Object.entries(STAND_INS)
      .filter(([, ending]) => Object.hasOwn(exports, name + ending))
      .map(([condition, ending]) => {
        const files = twins(file, file + ending);
        // "module" is for ES modules alone; what is bundled by `require` has all, as outside of bundles.
        return [condition, condition === "module" ? { import: files.import } : files];
      });
    const first = WHOLE_IN_WORKERS.includes(path) ? { workerd: twins(file, file) } : {};
    return [path, { ...first, ...Object.fromEntries(others), ...twins(file, file) }];
  });
  return { ...Object.fromEntries(dual), "./package.json": "./package.json" };
}

/** The two builds of an entry, each with its own declarations. */
function twins(types: string, file: string): Record<"import" | "require", Record<"types" | "default", string>> {
  return {
    import: { types: `${types}.d.ts`, default: `${file}.js` },
    require: { types: `${types}.d.cts`, default: `${file}.cjs` },
  };
}

/**
 * Declarations as pages and two copies need them. A page's project has no types of Node's: what the entries for pages share with others
 * names a few, which are `any` there; TypeScript would refuse the import. One that adds to a module of ours names its file, which in `.d.cts` is the twin. And a
 * class with private fields would be another type in each copy, so that a CommonJS file could not take what an ES module made.
 */
function declarations(): Rolldown.Plugin {
  return {
    name: "declarations",
    renderChunk: {
      order: "post",
      handler(code, { fileName }) {
        if (!/\.d\.c?ts$/.test(fileName)) return null;
        const open = code
          .replace(/^ *#private;\n/gm, "")
          .replace(/^import .* from "node:.*$/gm, "// @ts-ignore: where there are no types of Node's\n$&");
        return fileName.endsWith(".cts") ? open.replace(/^(declare module "\.[^"]*)\.js"/gm, '$1.cjs"') : open;
      },
    },
  };
}
