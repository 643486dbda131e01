/** A line for logs and terminals, without control characters: a peer's text may hold what moves a terminal's cursor. */
export function printable(line: string): string {
  return line.replace(/\p{Cc}/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
