// Line ends of JavaScript (U+2028 and U+2029 among them, so that no line of ours holds one) and of old printers.
const lineEnd = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;

// Control characters, byte order marks, and the marks that make text read in another order than it is written (CVE-2021-42574).
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unprintable = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\ufeff\u202a-\u202e\u2066-\u2069]/g;

/**
 * Splits the text of a comment into lines of plain text: the one space behind the comment mark is dropped, so are
 * invisible characters, space at line ends, and blank lines at the start and the end.
 */
export function commentLines(text: string): string[] {
  if (text === "") return [];
  const lines = text
    .split(lineEnd)
    .map((line) => line.replace(unprintable, "").trimEnd())
    .map((line) => (line.startsWith(" ") ? line.slice(1) : line));
  let start = 0;
  let end = lines.length;
  while (start < end && lines[start] === "") start++;
  while (end > start && lines[end - 1] === "") end--;
  return lines.slice(start, end);
}
