import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { repository } from "./packed.js";

const page = join(repository, "docs/platforms.md");

/** Whether this is the short run of CI, which tries fewer combinations and writes nothing. */
export const short = process.env["GEN_STUBS_PLATFORMS"] === "short";

/** Replaces a part of docs/platforms.md, which is marked there by its name. */
export async function writePart(name: string, text: string): Promise<void> {
  const [begin, end] = [`<!-- ${name}: written by the run -->`, `<!-- /${name} -->`];
  const before = await readFile(page, "utf8");
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/platforms.md lacks the markers of ${name}`);
  await writeFile(page, `${before.slice(0, from)}${begin}\n${text.trim()}\n${before.slice(to)}`);
}

/** A table of Markdown. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
