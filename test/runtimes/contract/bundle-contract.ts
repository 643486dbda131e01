import { readdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { repository } from "../../support/packed.js";

const contract = join(repository, "test/contract");
const here = join(repository, "test/runtimes/contract");

/** Files of the contract that ask for other transports than fetch, or for vitest itself. */
const NOT_HERE: Readonly<Record<string, string>> = {
  "foreign-copies": "loads a second copy by require",
  load: "asks grpc-js and in-process servers too",
  "p17-options": "asks each transport's own options, by name",
  "p19-time": "fake timers are vitest's",
  tls: "asks for Node's TLS options",
};

/** The tests of `test/contract` as one program: `program list`, or nothing to run all; a line of JSON for each test. */
export async function bundleContract(file: string): Promise<void> {
  const names = readdirSync(contract)
    .flatMap((name) => /^(.+)\.test\.ts$/.exec(name)?.[1] ?? [])
    .filter((name) => NOT_HERE[name] === undefined)
    .sort();
  const contents = `
    import { file, kept, runKept } from ${JSON.stringify(join(repository, "test/browser/pages/contract/vitest.ts"))};
    import { runAll } from "./run-all.js";
    ${names.map((name) => `file(${JSON.stringify(name)});\nawait import(${JSON.stringify(join(contract, `${name}.test.ts`))});`).join("\n")}
    await runAll(kept, runKept);`;
  await build({
    stdin: { contents, resolveDir: here, loader: "ts", sourcefile: "contract.ts" },
    absWorkingDir: repository,
    outfile: file,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "es2023",
    logLevel: "error",
    // CommonJS packages ask for Node's modules.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    plugins: [
      {
        name: "in a runtime",
        setup(building) {
          building.onResolve({ filter: /^vitest$/ }, () => ({
            path: join(repository, "test/browser/pages/contract/vitest.ts"),
          }));
          building.onResolve({ filter: /\/transports\.js$/ }, () => ({ path: join(here, "transports.ts") }));
        },
      },
    ],
  });
}
