/**
 * A line for logs and terminals, without control characters: a peer's text may contain characters that move the terminal's cursor, begin
 * a new line, or change the direction of text.
 */
export function printable(line: string): string {
  return line.replace(
    /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
