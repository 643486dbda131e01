/** One fenced code block of a Markdown file. */
export interface Block {
  /** The first word behind the fence: what readers and highlighters see. */
  readonly language: string;
  /**
   * The other words, which no renderer shows. `file=PATH`: written to that file. `excerpt=PATH`: its lines are in that file, in
   * that order. `quotes=PATH`: likewise, in a page of the
   * repository, which runs them. `background`: runs until the end. `exit=N`: the exit code expected. `repo`: runs in the repository.
   */
  readonly attributes: ReadonlyMap<string, string>;
  readonly text: string;
  /** 1-based line of the fence. */
  readonly line: number;
}

/** The fenced code blocks of a Markdown text, in order. */
export function codeBlocks(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: { fence: string; indent: string; info: string; lines: string[]; line: number } | undefined;
  markdown.split("\n").forEach((text, index) => {
    const [, indent = "", fence = "", info = ""] = /^(\s*)(`{3,}|~{3,})\s*(.*)$/.exec(text) ?? [];
    if (open === undefined) {
      if (fence !== "") open = { fence, indent, info, lines: [], line: index + 1 };
    } else if (fence.startsWith(open.fence) && info === "") {
      const [language = "", ...words] = open.info.split(/\s+/);
      const attributes = new Map(words.map((word) => [word.split("=")[0] ?? "", word.replace(/^[^=]*=?/, "")]));
      blocks.push({ language, attributes, text: open.lines.join("\n"), line: open.line });
      open = undefined;
    } else {
      open.lines.push(text.startsWith(open.indent) ? text.slice(open.indent.length) : text);
    }
  });
  if (open !== undefined) throw new Error(`line ${open.line}: the code block is never closed`);
  return blocks;
}
