/**
 * Lays out a doc comment. Lines that are `undefined` or empty at the start, at the end, or behind another empty line are
 * dropped; no line at all gives no comment.
 *
 * `indent` is the white space before the element, which follows the comment.
 */
export function doc(indent: string, lines: readonly string[]): string {
  const kept: string[] = [];
  for (const line of lines) {
    if (line !== "" || (kept.length > 0 && kept.at(-1) !== "")) kept.push(line);
  }
  if (kept.at(-1) === "") kept.pop();
  if (kept.length === 0) return "";
  if (kept.length === 1) return `/** ${kept[0]} */\n${indent}`;
  return `/**\n${kept.map((line) => `${indent} *${line === "" ? "" : ` ${line}`}\n`).join("")}${indent} */\n${indent}`;
}

/**
 * Makes text from a .proto file harmless inside a block comment: it cannot end the comment, be a tag of TSDoc (which
 * would document what is not there), or be a directive to a tool.
 */
export function commentText(line: string): string {
  return line
    .replace(/\*\//g, "*\\/")
    .replace(/^(\s*)@/, "$1\\@")
    .replace(/\{@/g, "{\\@")
    .replace(/\/([/*])([#@])/g, "/$1 $2");
}
