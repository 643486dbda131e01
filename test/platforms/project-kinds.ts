import { nestExample, nestExamplePrints, runNestExample } from "./nest-example.js";
import { type Extension, printed, program, start } from "./program.js";

/** A project as people have them, and what is run in it. */
export interface ProjectKind {
  readonly name: string;
  /** Part of CI's short run. */
  readonly short?: boolean;
  /** Packages beside both of ours and `@bufbuild/protobuf`, exact. */
  readonly packages?: readonly string[];
  /** `package.json` beside `private`. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  readonly files: Readonly<Record<string, string>>;
  /** The version of `@bufbuild/protobuf`. Default: the one that this repository has. */
  readonly protobuf?: string;
  /** Instead of `npm install` with all packages: a bash script. */
  readonly install?: string;
  /** Instead of `gen-stubs protos --out src/gen`. */
  readonly command?: string;
  /** Options of the generator beside paths and `--out src/gen`. */
  readonly generate?: string;
  /** What type-checks, a bash script; none where nothing does. */
  readonly check?: string;
  /** What runs the program, a bash script. It prints what `program.ts` says, or a test runner's success. */
  readonly run: string;
  /** Text that the run prints. Default: the program's line. */
  readonly prints?: string | RegExp;
  /** A file whose bytes are told. */
  readonly size?: string;
  /** A runtime of `test/runtimes`, put before all others on PATH. */
  readonly runtime?: string;
}

const ts7 = "typescript@7.0.2";
const ts5 = "typescript@5.9.3";
const types = "@types/node@20.19.30";
const base = { target: "es2022", lib: ["es2023", "esnext.disposable"], types: ["node"], strict: true, outDir: "dist" };
const tsconfig = (compilerOptions: object) =>
  JSON.stringify({ compilerOptions: { ...base, rootDir: "src", ...compilerOptions }, include: ["src"] });
const sources = (extension: Extension) => ({ "src/main.ts": program(extension), "src/start.ts": startOf(extension) });
const startOf = (extension: Extension) => `import { main } from "./main${extension}";\n${start}`;

const nest = (version: string, microservices: string) => [
  `@nestjs/common@${version}`,
  `@nestjs/core@${version}`,
  `@nestjs/microservices@${microservices}`,
  "reflect-metadata@0.2.2",
  "rxjs@7.8.2",
];
const nestTypes = { experimentalDecorators: true, emitDecoratorMetadata: true, skipLibCheck: true };

/** As `npm create vite` writes them for what is in `src`; `node` beside its own types, for our program serves too. */
const createVite = {
  tsBuildInfoFile: "./node_modules/.tmp/tsconfig.app.tsbuildinfo",
  target: "es2023",
  lib: ["ES2023", "DOM"],
  module: "esnext",
  types: ["vite/client", "node"],
  allowArbitraryExtensions: true,
  skipLibCheck: true,
  moduleResolution: "bundler",
  allowImportingTsExtensions: true,
  verbatimModuleSyntax: true,
  moduleDetection: "force",
  noEmit: true,
  jsx: "react-jsx",
  noUnusedLocals: true,
  noUnusedParameters: true,
  erasableSyntaxOnly: true,
  noFallthroughCasesInSwitch: true,
};

/** Whatever `tsc` can be told to be strict about. Libraries are checked too. */
const everyFlag = {
  ...base,
  module: "nodenext",
  composite: true,
  skipLibCheck: false,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  isolatedDeclarations: true,
  erasableSyntaxOnly: true,
};
/** A package of a monorepo: one that is generated, and one that uses it. */
const workspacePackage = (name: string, dependencies: Readonly<Record<string, string>>) =>
  JSON.stringify({
    name,
    version: "1.0.0",
    type: "module",
    exports: { "./*": { types: "./dist/*.d.ts", default: "./dist/*.js" } },
    dependencies,
  });
const workspaceConfig = (references: readonly string[]) =>
  JSON.stringify({
    extends: "../../tsconfig.base.json",
    compilerOptions: { rootDir: "src", outDir: "dist" },
    include: ["src"],
    references: references.map((path) => ({ path })),
  });
const inWorkspace = (text: string) => text.replaceAll(/\.\/gen\/(\w+)\.js/g, "@acme/api/$1");

const esm = { type: "module" };
const commonjs = { type: "commonjs" };

const testOf = (
  extension: Extension,
  header = "",
  { types = true } = {},
) => `${header}import { connect, RpcError, Server, status } from "gen-stubs-runtime";
import { inProcess } from "gen-stubs-runtime/in-process";
import { KindsClient, KindsService, UnimplementedKinds } from "./gen/kinds_grpc${extension}";
import { main } from "./main${extension}";

class Loud extends UnimplementedKinds {
  ${types ? "override unary({ text }: { text: string })" : "unary({ text })"} {
    return { text: text + "!" };
  }
}

test("in process", async () => {
  const server = new Server().add(KindsService, new Loud());
  const channel = inProcess(server);
  expect((await new KindsClient(channel).unary({ text: "a" })).text).toBe("a!");
  await channel.close();
  await server.shutdown();
});

test("over a socket", async () => {
  expect(await main()).toBe(${JSON.stringify(printed)});
  expect(new RpcError(status.ABORTED)).toBeInstanceOf(RpcError);
  expect(typeof connect).toBe("function");
});
`;

const bundled = (format: string) =>
  `esbuild src/start.ts --bundle --minify --platform=node --format=${format} --outfile=out/main.${format === "esm" ? "mjs" : "cjs"}`;

export const projectKinds: readonly ProjectKind[] = [
  {
    name: "ES modules, tsc, `nodenext`",
    packages: [ts7, types],
    manifest: esm,
    files: { ...sources(".js"), "tsconfig.json": tsconfig({ module: "nodenext" }) },
    check: "tsc",
    run: "node dist/start.js",
  },
  {
    name: "CommonJS, tsc, `nodenext`",
    packages: [ts7, types],
    manifest: commonjs,
    files: { ...sources(".js"), "tsconfig.json": tsconfig({ module: "nodenext" }) },
    check: "tsc",
    run: "node dist/start.js",
  },
  {
    name: "CommonJS, tsc, `node16`",
    packages: [ts5, types],
    manifest: commonjs,
    files: { ...sources(".js"), "tsconfig.json": tsconfig({ module: "node16" }) },
    check: "tsc",
    run: "node dist/start.js",
  },
  {
    name: "CommonJS, tsc, `node10` (the classic Nest tsconfig)",
    short: true,
    packages: [ts5, types],
    manifest: {},
    files: {
      ...sources(""),
      "tsconfig.json": tsconfig({
        module: "commonjs",
        moduleResolution: "node10",
        target: "es2021",
        esModuleInterop: true,
        allowSyntheticDefaultImports: true,
        emitDecoratorMetadata: true,
        experimentalDecorators: true,
        declaration: true,
        skipLibCheck: true,
      }),
    },
    check: "tsc",
    run: "node dist/start.js",
  },
  {
    name: "an ES module (`.mts`) in a CommonJS package: two copies of the runtime",
    short: true,
    packages: [ts7, types],
    manifest: commonjs,
    files: {
      "src/main.mts": program(".js"),
      "src/start.mts": startOf(".js").replace("main.js", "main.mjs"),
      "tsconfig.json": tsconfig({ module: "nodenext" }),
    },
    check: "tsc",
    run: "node dist/start.mjs",
  },
  {
    name: "JavaScript, CommonJS (`target=js+dts`)",
    short: true,
    manifest: commonjs,
    files: {
      "src/main.js": program("", { types: false, loads: "require" }),
      "src/start.js": `const { main } = require("./main");\n${start}`,
    },
    generate: "--opt target=js+dts",
    run: "node src/start.js",
  },
  {
    name: "JavaScript, ES modules (`target=js+dts`)",
    manifest: esm,
    files: { "src/main.js": program(".js", { types: false }), "src/start.js": startOf(".js") },
    generate: "--opt target=js+dts",
    run: "node src/start.js",
  },
  ...[
    ["lowest", "2.17.0"],
    ["newest", "^2.17.0"],
  ].map(([which, protobuf]) => ({
    name: `the ${which} \`@bufbuild/protobuf\` of the range`,
    short: which === "newest",
    packages: [ts7, types],
    protobuf: protobuf!,
    manifest: esm,
    files: { ...sources(".js"), "tsconfig.json": tsconfig({ module: "nodenext" }) },
    check: "tsc",
    run: "node dist/start.js",
  })),
  ...["Node 22", "Node 24", "Node 26"].map((runtime) => ({
    name: `TypeScript run by ${runtime} itself (types stripped)`,
    short: runtime === "Node 26",
    runtime,
    packages: [ts7, types],
    manifest: esm,
    files: {
      ...sources(".ts"),
      "tsconfig.json": tsconfig({
        module: "nodenext",
        noEmit: true,
        allowImportingTsExtensions: true,
        erasableSyntaxOnly: true,
        verbatimModuleSyntax: true,
      }),
    },
    check: "tsc",
    run: "node src/start.ts",
  })),
  ...(["Bun", "Deno"] as const).map((runtime) => ({
    name: `TypeScript run by ${runtime}`,
    runtime,
    manifest: esm,
    files: sources(".ts"),
    generate: "--opt import_extension=ts",
    run: runtime === "Bun" ? "bun src/start.ts" : "deno run --quiet --allow-all src/start.ts",
  })),
  {
    name: "ts-node, CommonJS",
    packages: ["ts-node@10.9.2", ts5, types],
    manifest: {},
    files: { ...sources(""), "tsconfig.json": tsconfig({ module: "commonjs", moduleResolution: "node10" }) },
    check: "tsc --noEmit",
    run: "ts-node src/start.ts",
  },
  {
    name: "Jest, ts-jest, CommonJS",
    short: true,
    packages: ["jest@30.5.2", "ts-jest@29.4.15", "@types/jest@30.0.0", ts5, types],
    manifest: { jest: { preset: "ts-jest", testEnvironment: "node", roots: ["src"] } },
    files: {
      "src/main.ts": program(""),
      "src/main.test.ts": testOf(""),
      "tsconfig.json": tsconfig({
        module: "commonjs",
        moduleResolution: "node10",
        esModuleInterop: true,
        types: ["node", "jest"],
      }),
    },
    check: "tsc --noEmit",
    run: "jest",
    prints: /Tests: +2 passed, 2 total/,
  },
  {
    name: "Jest, @swc/jest, CommonJS",
    packages: ["jest@30.5.2", "@swc/jest@0.2.39", "@swc/core@1.16.22"],
    manifest: { jest: { transform: { "\\.ts$": "@swc/jest" }, testEnvironment: "node", roots: ["src"] } },
    files: { "src/main.ts": program(""), "src/main.test.ts": testOf("") },
    run: "jest",
    prints: /Tests: +2 passed, 2 total/,
  },
  {
    name: "Jest, ES modules",
    packages: ["jest@30.5.2"],
    manifest: { ...esm, jest: { testEnvironment: "node", roots: ["src"], transform: {} } },
    files: {
      "src/main.js": program(".js", { types: false }),
      "src/main.test.js": testOf(".js", 'import { expect, test } from "@jest/globals";\n', { types: false }),
    },
    generate: "--opt target=js+dts",
    // Jest loads ES modules by an interface of Node's that is still behind a flag.
    run: "NODE_OPTIONS=--experimental-vm-modules jest",
    prints: /Tests: +2 passed, 2 total/,
  },
  {
    name: "Vitest",
    packages: ["vitest@4.1.12"],
    manifest: esm,
    files: {
      "src/main.ts": program(""),
      "src/main.test.ts": testOf("", 'import { expect, test } from "vitest";\n'),
    },
    run: "NO_COLOR=1 vitest run",
    prints: /Tests +2 passed/,
  },
  {
    name: "esbuild, one ES module",
    packages: ["esbuild@0.28.2", ts7, types],
    manifest: esm,
    files: {
      ...sources(""),
      "tsconfig.json": tsconfig({ module: "esnext", moduleResolution: "bundler", noEmit: true }),
    },
    check: "tsc",
    run: `${bundled("esm")} && cd out && node main.mjs`,
    size: "out/main.mjs",
  },
  {
    name: "esbuild, one CommonJS file",
    short: true,
    packages: ["esbuild@0.28.2"],
    manifest: commonjs,
    files: sources(""),
    run: `${bundled("cjs")} && cd out && node main.cjs`,
    size: "out/main.cjs",
  },
  {
    name: "rollup",
    packages: ["rollup@4.68.8", "@rollup/plugin-node-resolve@16.0.3", "@rollup/plugin-terser@1.0.0"],
    manifest: esm,
    generate: "--opt target=js",
    files: {
      "src/main.js": program(".js", { types: false }),
      "src/start.js": startOf(".js"),
      "rollup.config.js": `import resolve from "@rollup/plugin-node-resolve";
import terser from "@rollup/plugin-terser";
export default { input: "src/start.js", output: { file: "out/main.mjs", inlineDynamicImports: true }, external: /^node:/, plugins: [resolve({ preferBuiltins: true }), terser()] };
`,
    },
    run: "rollup --config --silent && node out/main.mjs",
    size: "out/main.mjs",
  },
  {
    name: "webpack",
    packages: ["webpack@5.113.0", "webpack-cli@7.3.1"],
    manifest: commonjs,
    generate: "--opt target=js",
    files: {
      "src/main.js": program("", { types: false, loads: "require" }),
      "src/start.js": `const { main } = require("./main");\n${start}`,
      "webpack.config.js":
        'module.exports = { mode: "production", target: "node20", entry: "./src/start.js", output: { path: __dirname + "/out" } };\n',
    },
    run: "webpack --stats=errors-only && node out/main.js",
    size: "out/main.js",
  },
  {
    name: "Vite, SSR, everything bundled; the three tsconfigs of `npm create vite`",
    packages: ["vite@8.3.8", ts7, types],
    manifest: esm,
    files: {
      ...sources(""),
      "tsconfig.json": JSON.stringify({ files: [], references: [{ path: "./tsconfig.app.json" }] }),
      "tsconfig.app.json": JSON.stringify({ compilerOptions: createVite, include: ["src"] }),
      "vite.config.ts":
        'export default { build: { ssr: "src/start.ts", outDir: "out", minify: true }, ssr: { noExternal: true }, logLevel: "error" };\n',
    },
    check: "tsc -b",
    run: "vite build && node out/start.js",
    size: "out/start.js",
  },
  {
    name: "Express and Fastify in one process",
    packages: ["express@5.3.0", "fastify@5.12.8"],
    manifest: esm,
    generate: "--opt target=js",
    files: {
      "src/main.js": program(".js", { types: false }),
      "src/start.js": `import express from "express";
import fastify from "fastify";
import { main } from "./main.js";
const app = express().get("/", (_, response) => main().then((text) => response.send(text)));
const one = app.listen(0, "127.0.0.1", async () => {
  const other = fastify().get("/", () => main());
  const addresses = [\`http://127.0.0.1:\${one.address().port}\`, await other.listen({ host: "127.0.0.1", port: 0 })];
  const texts = await Promise.all(addresses.map(async (address) => (await fetch(address)).text()));
  console.log(texts[0] === texts[1] ? texts[0] : texts);
  one.close();
  one.closeAllConnections();
  await other.close();
});
`,
    },
    run: "node src/start.js",
  },
  {
    name: "NestJS 11, CommonJS, the classic tsconfig",
    short: true,
    packages: [...nest("11.2.10", "11.2.6"), ts5, types],
    manifest: {},
    files: {
      ...nestExample,
      "tsconfig.json": tsconfig({ module: "commonjs", moduleResolution: "node10", ...nestTypes }),
    },
    generate: "--opt import_extension=js",
    check: "tsc",
    run: runNestExample,
    prints: nestExamplePrints,
  },
  {
    name: "NestJS 12, ES modules",
    packages: [...nest("12.5.1", "12.1.1"), ts7, types],
    manifest: esm,
    files: { ...nestExample, "tsconfig.json": tsconfig({ module: "nodenext", ...nestTypes }) },
    check: "tsc",
    run: runNestExample,
    prints: nestExamplePrints,
  },
  {
    name: "Next, a route handler",
    packages: ["next@16.4.6", "react@19.3.1", "react-dom@19.3.1", ts5, types, "@types/react@19"],
    manifest: {},
    files: {
      "src/main.ts": program(""),
      "app/layout.tsx":
        'import type { ReactNode } from "react";\nexport default function Layout({ children }: { children: ReactNode }) {\n  return <html lang="en"><body>{children}</body></html>;\n}\n',
      "app/api/route.ts": `import { main } from "../../src/main";
export const dynamic = "force-dynamic";
export async function GET() {
  return new Response(await main());
}
`,
      "serve.mjs": `import { createServer } from "node:http";
import next from "next";
const app = next({ dev: false, dir: "." });
await app.prepare();
const server = createServer(app.getRequestHandler()).listen(0, "127.0.0.1", async () => {
  console.log(await (await fetch(\`http://127.0.0.1:\${server.address().port}/api\`)).text());
  process.exit();
});
`,
      "tsconfig.json": JSON.stringify({
        compilerOptions: {
          target: "es2022",
          lib: ["dom", "es2023", "esnext.disposable"],
          module: "esnext",
          moduleResolution: "bundler",
          jsx: "preserve",
          strict: true,
          noEmit: true,
          isolatedModules: true,
          skipLibCheck: true,
        },
        include: ["src", "app"],
      }),
    },
    check: "tsc -p tsconfig.json",
    run: "export NEXT_TELEMETRY_DISABLED=1; next build > build.log 2>&1 || { cat build.log; exit 1; }; node serve.mjs",
  },
  {
    name: "pnpm, strict workspace with a shared generated package",
    manifest: {},
    files: {
      "pnpm-workspace.yaml": "packages:\n  - packages/*\nstrictPeerDependencies: true\n",
      ".npmrc": "hoist=false\n",
      "packages/shared/package.json": JSON.stringify({
        name: "shared",
        version: "1.0.0",
        type: "module",
        exports: { "./*": "./src/gen/*.js" },
        dependencies: { "gen-stubs-runtime": "file:TARBALL_gen-stubs-runtime", "@bufbuild/protobuf": "2.17.0" },
        devDependencies: { "gen-stubs": "file:TARBALL_gen-stubs" },
      }),
      "packages/app/package.json": JSON.stringify({
        name: "app",
        version: "1.0.0",
        type: "module",
        dependencies: {
          "gen-stubs-runtime": "file:TARBALL_gen-stubs-runtime",
          "@bufbuild/protobuf": "2.17.0",
          shared: "workspace:*",
        },
      }),
      "packages/app/main.js": program(".js", { types: false }).replaceAll(/\.\/gen\/(\w+)\.js/g, "shared/$1"),
      "packages/app/start.js": startOf(".js"),
    },
    install:
      "mkdir ../tools && npm install --silent --prefix ../tools pnpm@10.26.0 && ../tools/node_modules/.bin/pnpm install --ignore-scripts",
    command: "cd packages/shared && node_modules/.bin/gen-stubs ../../protos --out src/gen",
    generate: "--opt target=js+dts",
    run: "node packages/app/start.js",
  },
  ...[
    ["7", ts7],
    ["5.9", ts5],
  ].map(([version, typescript]) => ({
    name: `npm workspaces, project references, every strict flag of TypeScript ${version}`,
    packages: [typescript!, types],
    manifest: { ...esm, workspaces: ["packages/*"] },
    files: {
      "tsconfig.base.json": JSON.stringify({ compilerOptions: { ...everyFlag, outDir: undefined } }),
      "tsconfig.json": JSON.stringify({ files: [], references: [{ path: "packages/api" }, { path: "packages/app" }] }),
      "packages/api/package.json": workspacePackage("@acme/api", {}),
      "packages/api/tsconfig.json": workspaceConfig([]),
      "packages/app/package.json": workspacePackage("@acme/app", { "@acme/api": "1.0.0" }),
      "packages/app/tsconfig.json": workspaceConfig(["../api"]),
      "packages/app/src/main.ts": inWorkspace(program(".js")),
      "packages/app/src/start.ts": startOf(".js"),
    },
    command: "gen-stubs protos --out packages/api/src",
    check: "tsc -b",
    run: "node packages/app/dist/start.js",
  })),
  {
    name: "Yarn 1",
    runtime: "Node 22",
    manifest: {
      ...commonjs,
      dependencies: { "gen-stubs-runtime": "file:TARBALL_gen-stubs-runtime", "@bufbuild/protobuf": "2.17.0" },
      devDependencies: {
        "gen-stubs": "file:TARBALL_gen-stubs",
        typescript: ts7.replace(/.*@/, ""),
        "@types/node": types.replace(/.*@/, ""),
      },
    },
    files: { ...sources(".js"), "tsconfig.json": tsconfig({ module: "nodenext" }) },
    install:
      "mkdir ../tools && npm install --silent --prefix ../tools yarn@1.22.22 && " +
      "../tools/node_modules/.bin/yarn install --registry $(npm config get registry) --cache-folder ../cache --ignore-scripts --silent",
    check: "tsc",
    run: "node dist/start.js",
  },
  {
    name: "Yarn, Plug'n'Play",
    manifest: {
      type: "module",
      dependencies: { "gen-stubs-runtime": "file:TARBALL_gen-stubs-runtime", "@bufbuild/protobuf": "2.17.0" },
      devDependencies: { "gen-stubs": "file:TARBALL_gen-stubs" },
    },
    files: {
      ".yarnrc.yml": "nodeLinker: pnp\nenableTelemetry: false\nenableScripts: false\nenableImmutableInstalls: false\n",
      "yarn.lock": "",
      "src/main.js": program(".js", { types: false }),
      "src/start.js": startOf(".js"),
    },
    install:
      "mkdir ../tools && npm install --silent --prefix ../tools @yarnpkg/cli-dist@4.18.1 && " +
      "export YARN_NPM_REGISTRY_SERVER=$(npm config get registry) && ../tools/node_modules/.bin/yarn install",
    command: "../tools/node_modules/.bin/yarn gen-stubs protos --out src/gen",
    generate: "--opt target=js",
    run: "../tools/node_modules/.bin/yarn node src/start.js",
  },
];
