import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
/** Installs `corpora/package.json` into the cache, unless it is there. Returns its node_modules. */
export function installCorpora(root) {
    const folder = join(root, ".cache/corpora-npm");
    const lock = createHash("sha256")
        .update(readFileSync(join(root, "corpora/package-lock.json")))
        .digest("hex");
    const mark = join(folder, "installed");
    if (existsSync(mark) && readFileSync(mark, "utf8") === lock)
        return join(folder, "node_modules");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const file of ["package.json", "package-lock.json", ".npmrc"])
        cpSync(join(root, "corpora", file), join(folder, file));
    const npm = spawnSync("npm", ["ci", "--ignore-scripts", "--no-progress"], { cwd: folder, encoding: "utf8" });
    if (npm.status !== 0)
        throw new Error(`npm ci in ${folder} failed:\n${npm.stderr}`);
    writeFileSync(mark, lock);
    return join(folder, "node_modules");
}
