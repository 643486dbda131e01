import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { compile } from "../compile/compile.js";
import type { Compiled } from "../compile/compiled.js";

/** The text of one file, which is then called `test.proto`; or several, by the name by which they import one another. */
export type ProtoText = string | Readonly<Record<string, string>>;

/**
 * Compiles texts with the protoc that comes with gen-stubs, in a folder that is gone when `use` is done.
 *
 * @throws GenStubsError GS20xx, with places in the texts
 */
export async function withCompiled<Value>(
  protos: ProtoText,
  use: (compiled: Compiled, folder: string) => Promise<Value>,
): Promise<Value> {
  const files = typeof protos === "string" ? { "test.proto": protos } : protos;
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "gen-stubs-testing-")));
  try {
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder, name);
      if (relative(folder, path).startsWith("..")) throw new TypeError(`${JSON.stringify(name)} is no import name`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    const input = {
      paths: Object.keys(files),
      protoPaths: ["."],
      descriptorSet: undefined,
      exclude: [],
      protoc: undefined,
    };
    return await use(await compile({ ...input, cwd: folder }), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
