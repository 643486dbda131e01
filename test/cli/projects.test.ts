import { spawnSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { echoProto, project } from "./support/project.js";

const root = process.cwd();

interface Kind {
  readonly type: "module" | "commonjs";
  readonly compilerOptions: Readonly<Record<string, string | boolean>>;
  /** How the project's own file imports the stubs. */
  readonly stubs: string;
}

const strict = { strict: true, noEmit: true, target: "ES2023", skipLibCheck: true };

const kinds: Readonly<Record<string, Kind>> = {
  "NodeNext, ESM": {
    type: "module",
    compilerOptions: { module: "NodeNext", moduleResolution: "NodeNext", verbatimModuleSyntax: true },
    stubs: "./gen/echo_grpc.js",
  },
  "NodeNext, CommonJS": {
    type: "commonjs",
    compilerOptions: { module: "NodeNext", moduleResolution: "NodeNext", esModuleInterop: true },
    stubs: "./gen/echo_grpc",
  },
  Bundler: {
    type: "module",
    compilerOptions: { module: "ESNext", moduleResolution: "Bundler", isolatedModules: true },
    stubs: "./gen/echo_grpc",
  },
  "Bundler, imports with .ts": {
    type: "module",
    compilerOptions: { module: "ESNext", moduleResolution: "Bundler", allowImportingTsExtensions: true },
    stubs: "./gen/echo_grpc.ts",
  },
};

describe.each(Object.entries(kinds))("in a project of the kind %s", (_, { type, compilerOptions, stubs }) => {
  test.each(["es", "ts_proto"])(
    "what is generated without a word about imports type-checks, on %s",
    async (messages) => {
      const p = project({
        "package.json": JSON.stringify({ name: "user", type }),
        "tsconfig.json": JSON.stringify({
          compilerOptions: { ...strict, ...compilerOptions, lib: ["ES2023", "ESNext.Disposable"] },
          include: ["src"],
        }),
        "protos/echo.proto": echoProto("echo"),
        "protos/deep/other.proto": echoProto("other"),
        "src/main.ts": `import type { Channel } from "gen-stubs-runtime";\nimport * as stubs from "${stubs}";\nexport const clients = (channel: Channel) => Object.values(stubs).length + Number(channel !== undefined);\n`,
      });
      symlinkSync(join(root, "node_modules"), p.path("node_modules"));
      expect(await p.run("protos", "--out", "src/gen", "--messages", messages)).toMatchObject({ code: 0 });
      // The old compiler is slow: once a kind.
      for (const compiler of messages === "es" ? ["typescript", "typescript-5"] : ["typescript"]) {
        const tsc = join(root, "node_modules", compiler, "bin/tsc");
        const { stdout } = spawnSync(process.execPath, [tsc, "-p", p.folder, "--pretty", "false"], {
          encoding: "utf8",
        });
        expect(stdout, compiler).toBe("");
      }
    },
  );
});
