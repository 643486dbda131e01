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
  await writeFile(
    page,
    `${before.slice(0, from)}${begin}\n${text.trim()}\n\n${new Date().toISOString().slice(0, 10)}\n${before.slice(to)}`,
  );
}

/** The rows of a part's table as the page has them, each by its first cell. */
export async function writtenRows(name: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(page, "utf8");
  const part = text.split(`<!-- ${name}: written by the run -->`)[1]?.split(`<!-- /${name} -->`)[0] ?? "";
  const rows = part.split("\n").flatMap((line) => {
    const first = /^\| (.*?) \| /.exec(line)?.[1];
    return first === undefined ? [] : [[first, line] as const];
  });
  return new Map(rows);
}

/** A table of Markdown. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(header), row(header.map(() => "---")), ...rows.map(row)].join("\n");
}

export function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
