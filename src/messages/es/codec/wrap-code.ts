import { wrapLines } from "../../../emit/wrap-lines.js";

const width = 120;

/** Breaks lines that are too long: a condition gets braces around what it guards, all else goes by {@link wrapLines}. */
export function wrapCode(code: string): string {
  const lines = code.split("\n").flatMap((line) => (line.length > width ? guarded(line) : [line]));
  return wrapLines(lines.join("\n"));
}

function guarded(line: string): string[] {
  const match = /^( *)((?:else )?(?:if|while) \(.*\)) ((?:out|value|key|message)\b[^{}]*;)$/.exec(line);
  if (match === null) return [line];
  const [, indent = "", head = "", statement = ""] = match;
  return [`${indent}${head} {`, `${indent}  ${statement}`, `${indent}}`];
}
