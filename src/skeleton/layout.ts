/** How the user writes: what is added looks the same. */
export interface Layout {
  readonly newline: "\n" | "\r\n";
  /** One step of indentation: spaces or a tab. */
  readonly indent: string;
  readonly quote: '"' | "'";
  readonly semicolon: ";" | "";
}

/** What a file shows of its author's habits. */
export interface Evidence {
  readonly text: string;
  /** First characters of its string literals. */
  readonly quotes: readonly string[];
  /** Whether its statements that may end in a semicolon do. */
  readonly semicolons: readonly boolean[];
}

/** Reads the layout off a file; what it does not show is as formatters have it by default. */
export function layoutOf({ text, quotes, semicolons }: Evidence): Layout {
  const breaks = text.match(/\r?\n/g) ?? [];
  return {
    newline: most(breaks, (found) => found === "\r\n", false) ? "\r\n" : "\n",
    indent: indentOf(text),
    quote: most(quotes, (quote) => quote === "'", false) ? "'" : '"',
    semicolon: most(semicolons, (has) => has, true) ? ";" : "",
  };
}

function most<Item>(items: readonly Item[], is: (item: Item) => boolean, otherwise: boolean): boolean {
  return items.length === 0 ? otherwise : items.filter(is).length * 2 > items.length;
}

/** The narrowest indentation there is. Lines of block comments begin with an asterisk, a column further in. */
function indentOf(text: string): string {
  const indents = [...text.matchAll(/^([ \t]+)(?![ \t*\r\n])/gm)].map((match) => match[1]!);
  if (most(indents, (indent) => indent.startsWith("\t"), false)) return "\t";
  const widths = indents.filter((indent) => !indent.includes("\t")).map((indent) => indent.length);
  const narrowest = Math.min(...widths.filter((width) => width > 1));
  return " ".repeat(Number.isFinite(narrowest) ? Math.min(narrowest, 8) : 2);
}
