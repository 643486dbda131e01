import { spawnSync } from "node:child_process";
import { join } from "node:path";

export interface UnusableNames {
  /** With these, no file compiles, whatever the options. */
  readonly never: readonly string[];
  /** With these, no file compiles, unless options leave something out. */
  readonly byDefault: readonly string[];
  /** By what is in a file beside them: a kind of fields, or an import. */
  readonly beside: Readonly<Record<string, readonly string[]>>;
}

/** The module that holds the names, as the formatter lays it out. */
export function listText(root: string, { never, byDefault, beside }: UnusableNames): string {
  const rows = Object.entries(beside).filter(([, names]) => names.length > 0);
  const text = `/** Written by \`npm run ts-proto-names\`, which compiles what ts-proto writes for every candidate. */

/** With a message of such a name, no file of ts-proto's compiles. */
export const never: ReadonlySet<string> = new Set(${JSON.stringify(never)});

/** The same, unless options leave some of what ts-proto writes out. */
export const byDefault: ReadonlySet<string> = new Set(${JSON.stringify(byDefault)});

/** Names that do not compile beside fields of some kind, or beside what some import brings. */
export const beside: Readonly<Record<string, readonly string[]>> = {${rows.map((row) => row.map((part) => JSON.stringify(part)).join(":")).join(",")}};
`;
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  const args = [biome, "format", "--stdin-file-path=src/messages/ts-proto/unusable.ts"];
  return spawnSync(process.execPath, args, { cwd: root, input: text, encoding: "utf8" }).stdout;
}
