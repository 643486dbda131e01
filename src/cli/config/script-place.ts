import { type Place, placeAt } from "../../text/place.js";

/**
 * Where a key of a config written as a program stands: where its text has the key once. A program may build its config as it
 * likes, so that any more would be a guess.
 */
export function placeInScript(text: string, keys: readonly (string | number)[]): Partial<Place> {
  const key = keys.at(-1);
  if (typeof key !== "string") return {};
  const code = withoutComments(text);
  const name = key.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const [found, another] = code.matchAll(new RegExp(`(?<=[{,]\\s*)(["']?)${name}\\1\\s*:`, "g"));
  return found === undefined || another !== undefined ? {} : placeAt(text, found.index);
}

/** Comments as spaces, so that places stay; texts are kept, for they may hold what looks like a comment. */
function withoutComments(text: string): string {
  const parts = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return text.replace(parts, (part) => (part.startsWith("/") ? part.replace(/[^\n]/g, " ") : part));
}
