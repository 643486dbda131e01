/** Generates the stubs of every example, as its own `npm run generate` does, with the gen-stubs of this repository. */
import { execSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { delimiter, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, ".cache/examples/bin");
mkdirSync(bin, { recursive: true });
rmSync(join(bin, "gen-stubs"), { force: true });
symlinkSync(join(root, "bin/gen-stubs.js"), join(bin, "gen-stubs"));
const PATH = [bin, join(root, "node_modules/.bin"), process.env.PATH].join(delimiter);

const run = (command, cwd) => execSync(command, { cwd, env: { ...process.env, PATH }, stdio: "inherit" });
const examples = join(root, "examples");
/** The folder within a folder that has the .proto files. */
const protosOf = (folder) => {
  const file = readdirSync(folder, { recursive: true })
    .map(String)
    .find((path) => path.endsWith(".proto"));
  return file === undefined ? undefined : dirname(join(folder, file));
};
for (const { name } of readdirSync(examples, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
  if (name === "gen" || name === "dist") continue;
  const manifest = join(examples, name, "package.json");
  const protos = protosOf(join(examples, name));
  if (existsSync(manifest)) run(JSON.parse(readFileSync(manifest, "utf8")).scripts.generate, join(examples, name));
  // One that is no project of its own: its stubs are in examples/gen.
  else if (protos !== undefined) run(`gen-stubs ${relative(examples, protos)} --out gen`, examples);
}
