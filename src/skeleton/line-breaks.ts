/** Our lines, as the file ends its own. */
export function withBreaks(text: string, newline: string): string {
  return newline === "\n" ? text : text.replaceAll("\n", newline);
}
