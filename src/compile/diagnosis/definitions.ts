// Comments and strings, then what opens and closes a scope, then what names a type or the package.
const tokens =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[{}]|\b(?:message|enum|service|package)\s+([\w.]+)/g;

/** Full names of the types and services at the top of a `.proto` file, found without a parser: good enough for advice. */
export function topLevelNames(text: string): readonly string[] {
  const names: string[] = [];
  let packageName = "";
  let depth = 0;
  for (const match of text.matchAll(tokens)) {
    if (match[0] === "{") depth++;
    else if (match[0] === "}") depth--;
    else if (match[1] !== undefined && depth === 0) {
      if (match[0].startsWith("package")) packageName = match[1];
      else names.push(match[1]);
    }
  }
  return names.map((name) => (packageName === "" ? name : `${packageName}.${name}`));
}
