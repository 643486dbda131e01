import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { digest } from "../cache/digest.js";
import { version } from "./version.js";

let known: string | undefined;

/** Names the code that makes stubs, exactly: this package's version, and the files it is in (somebody may have patched them). */
export function generatorIdentity(): string {
  known ??= digest(version(), ...["emit", "messages", "model", "plugin", "text"].flatMap(describe));
  return known;
}

function describe(layer: string): readonly string[] {
  const folder = fileURLToPath(new URL(`../${layer}/`, import.meta.url));
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.[jt]s$/.test(name))
    .sort()
    .map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    });
}
