/**
 * Whether two texts of TypeScript or JavaScript differ in nothing but what formatters change: white space, line breaks,
 * quotes, semicolons, commas (behind the last of a list; between the members of a type), bars before the first of a union,
 * parentheses around one parameter.
 *
 * Not a parser: text in which only these characters moved counts as the same. That is enough to give advice by.
 */
export function sameButLayout(a: string, b: string): boolean {
  return withoutLayout(a) === withoutLayout(b);
}

const token =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`|\s+|[\w$]+|./gu;

function withoutLayout(text: string): string {
  const tokens: string[] = [];
  for (const [part] of text.matchAll(token)) {
    if (/^(\s.*|[;,()])$/s.test(part)) continue;
    const last = tokens.at(-1);
    if (part === "|" && (last === undefined || /^[=:<]$/.test(last))) continue;
    tokens.push(normalize(part));
  }
  return tokens.join("\u0000");
}

function normalize(part: string): string {
  if (part.startsWith("/*")) return part.replace(/\s*\n\s*/g, "\n").trim();
  if (part.startsWith("//")) return part.trimEnd();
  if (!/^["']/.test(part)) return part;
  const inner = part.slice(1, -1).replace(/\\(["'])/g, "$1");
  return JSON.stringify(inner);
}
