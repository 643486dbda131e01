import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The compilers that generated code must pass: what this repository uses, and the last one with the old API. */
export const compilers = { "TypeScript 7": "typescript", "TypeScript 5.9": "typescript-5" } as const;

export interface TypeCheck {
  readonly compiler: keyof typeof compilers;
  /** A folder below the repository, so that packages are found. */
  readonly folder: string;
  readonly module: "NodeNext" | "bundler";
  /** Relative to the folder. */
  readonly include: readonly string[];
}

/** Type-checks generated code under all flags of tsconfig.base.json. Returns what the compiler prints. */
export function typeCheck(root: string, { compiler, folder, module, include }: TypeCheck): string {
  mkdirSync(folder, { recursive: true });
  const config = join(folder, `tsconfig.${module}.${compilers[compiler]}.json`);
  const compilerOptions = {
    noEmit: true,
    incremental: false,
    allowImportingTsExtensions: true,
    // Declarations are what is checked here.
    skipLibCheck: false,
    ...(module === "bundler" ? { module: "ESNext", moduleResolution: "bundler" } : {}),
    paths: {
      "gen-stubs-runtime": [join(root, "src/runtime/index.ts")],
      "gen-stubs-runtime/*": [join(root, "src/runtime/*.ts")],
    },
  };
  writeFileSync(config, JSON.stringify({ extends: join(root, "tsconfig.base.json"), compilerOptions, include }));
  const tsc = join(root, "node_modules", compilers[compiler], "bin/tsc");
  const { stdout, stderr } = spawnSync(process.execPath, [tsc, "-p", config, "--pretty", "false"], {
    encoding: "utf8",
  });
  return stdout + stderr;
}
