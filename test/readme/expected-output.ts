/**
 * Whether `actual` is what `expected` shows. `…` stands for any text within a line, a line of `…` alone for any lines.
 * Blanks at line ends and empty lines at both ends do not count.
 */
export function matchesOutput(expected: string, actual: string): boolean {
  const pattern = normalize(expected)
    .split("\n")
    .map((line) => (line.trim() === "…" ? "(?:.*\n)*?" : `${line.split("…").map(escapeRegExp).join(".*?")}\n`))
    .join("");
  return new RegExp(`^${pattern}$`).test(`${normalize(actual)}\n`);
}

function normalize(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .replace(/^\n+|\n+$/g, "");
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
