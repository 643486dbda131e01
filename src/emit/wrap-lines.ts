const width = 120;

/**
 * Breaks lines of code that are too long at their first parentheses, an argument or parameter a line, as formatters do.
 * `code` is what the templates make: brackets are balanced in each line that has an opening parenthesis, and strings
 * have double quotes.
 */
export function wrapLines(code: string): string {
  return code
    .split("\n")
    .map((line) => (line.length > width && !/^\s*(\*|\/[*/])/.test(line) ? wrap(line) : line))
    .join("\n");
}

function wrap(line: string): string {
  const open = line.indexOf("(");
  const parts: string[] = [];
  let depth = 0;
  let start = open + 1;
  let inString = false;
  for (let at = open; at >= 0 && at < line.length; at++) {
    const char = line[at]!;
    if (inString) {
      if (char === "\\") at++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === "(" || char === "<") depth++;
    else if (char === ")" || char === ">") {
      depth--;
      if (depth > 0) continue;
      const indent = /^ */.exec(line)![0];
      const last = line.slice(start, at);
      const inner = [...parts, last].map((part) => `${indent}  ${part.trim()},\n`).join("");
      return last.trim() === "" ? line : `${line.slice(0, open + 1)}\n${inner}${indent}${line.slice(at)}`;
    } else if (char === "," && depth === 1) {
      parts.push(line.slice(start, at));
      start = at + 1;
    }
  }
  return line;
}
