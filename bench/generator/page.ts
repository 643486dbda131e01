import { readFileSync, writeFileSync } from "node:fs";

/** A part of the page: all of it stands between two comments, so that parts can be measured on their own. */
export interface Part {
  readonly name: string;
  readonly text: string;
}

/** Replaces parts of a page, and leaves the others as they are. */
export function writeParts(path: string, parts: readonly Part[]): void {
  let page = readFileSync(path, "utf8");
  for (const { name, text } of parts) {
    const [start, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
    const [from, to] = [page.indexOf(start), page.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`${path} has no ${start} … ${end}`);
    page = `${page.slice(0, from + start.length)}\n\n${text.trim()}\n\n${page.slice(to)}`;
  }
  writeFileSync(path, page);
}

/** A Markdown table; all columns but the first are numbers. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(head),
    `|---|${head
      .slice(1)
      .map(() => "---:|")
      .join("")}`,
    ...rows.map(line),
  ].join("\n");
}

/** `12,345` */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en");
}
