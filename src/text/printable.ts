/** Control characters that are kept: line breaks and tabs in text of several lines, none in a name. */
export type Kind = "line" | "lines";

// C0, DEL and C1 (ECMA-48) move the cursor, ring, or start sequences that a terminal obeys; U+2028 and U+2029 break lines;
// the bidirectional controls of Unicode (UAX #9) show text in another order than it has.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Text that a terminal only shows: control characters, which file names and schemas may hold, become escapes as JSON has
 * them (`\u001b`, `\n`). With `lines`, line breaks and tabs stay.
 */
export function printable(text: string, kind: Kind = "line"): string {
  return text.replace(unprintable, (char) => {
    if (kind === "lines" && (char === "\n" || char === "\t")) return char;
    return short[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
