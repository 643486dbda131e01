/**
 * `npm run test:nodes [-- versions…]`: runs the contract and the packed packages on other versions of Node, which come from npm
 * (the packages `node-<platform>-<arch>`, that is what the package `node` installs).
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const suites = ["test/contract", "test/fault", "test/transport", "test/pack/installed.test.ts"];

const versions = process.argv.length > 2 ? process.argv.slice(2) : ["22", "24"];
const platform = process.platform === "win32" ? "win" : process.platform;
const name = `node-${platform}-${process.arch}`;

for (const version of versions) {
  const folder = join(root, ".cache/nodes", version);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}");
  run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", `${name}@${version}`], process.env, folder);
  const bin = join(folder, "node_modules", name, "bin");
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}` };
  run(join(bin, "node"), ["--version"], env, root);
  run(join(bin, "node"), [join(root, "node_modules/vitest/vitest.mjs"), "run", ...suites], env, root);
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv, cwd: string): void {
  const { status, error } = spawnSync(command, args, { cwd, env, stdio: "inherit", shell: false });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
