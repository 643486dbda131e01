/** Generates the stubs of every example, as its own `npm run generate` does, with the gen-stubs of this repository. */
import { execSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, ".cache/examples/bin");
mkdirSync(bin, { recursive: true });
rmSync(join(bin, "gen-stubs"), { force: true });
symlinkSync(join(root, "bin/gen-stubs.js"), join(bin, "gen-stubs"));
const PATH = [bin, join(root, "node_modules/.bin"), process.env.PATH].join(delimiter);

const run = (command, cwd) => execSync(command, { cwd, env: { ...process.env, PATH }, stdio: "inherit" });
const examples = join(root, "examples");
for (const name of readdirSync(examples)) {
  const manifest = join(examples, name, "package.json");
  if (existsSync(manifest)) run(JSON.parse(readFileSync(manifest, "utf8")).scripts.generate, join(examples, name));
}
