import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { isMap, isNode, isScalar, isSeq, parseDocument } from "yaml";
import { type Fault, GenStubsError } from "../../errors/gen-stubs-error.js";
import { type Place, placeAt } from "../../text/place.js";

/**
 * The config in a JSON file: all of it, or what package.json has under "gen-stubs".
 *
 * @param shown the file, as displayed
 * @throws GenStubsError GS1006 where it is no JSON, with the place.
 */
export function readJsonConfig(path: string, shown: string): unknown {
  const text = readText(path);
  if (text.trim() === "")
    throw new GenStubsError({ code: "GS1006", message: "it is empty", file: shown, hint: emptyHint });
  try {
    const json = JSON.parse(text);
    return basename(path) === "package.json" ? json?.["gen-stubs"] : json;
  } catch (error) {
    throw new GenStubsError(syntaxFault(text, shown, error));
  }
}

const emptyHint = 'write { "paths": "protos", "out": "src/gen" }, or let gen-stubs init write a config';

function syntaxFault(text: string, shown: string, error: unknown): Fault {
  const said = error instanceof Error ? error.message : String(error);
  const offset = faultyOffset(text);
  const isComment = /^\/[/*]/.test(text.slice(offset));
  return {
    code: "GS1006",
    message: isComment ? "it cannot be loaded: JSON has no comments" : `it cannot be loaded: ${withoutPosition(said)}`,
    file: shown,
    ...placeAt(text, offset),
    ...(isComment ? { hint: "remove the comment, or make it gen-stubs.config.mjs, which may have some" } : {}),
  };
}

/** Where the first fault is: not every message of JSON.parse says, but the beginnings of a text that only lack their end do. */
function faultyOffset(text: string): number {
  let good = 0;
  let bad = text.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isBeginning(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return bad > text.length ? text.trimEnd().length : good;
}

/** Whether a text is JSON, or may become it by what follows. */
function isBeginning(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const said = String(error);
    const position = / at position (\d+)/.exec(said)?.[1];
    return /Unexpected end|Unterminated string/.test(said) || Number(position) >= text.length;
  }
}

function withoutPosition(said: string): string {
  return said.replace(/ at position \d+.*$|, (?:\.\.\.)?".*$/s, "");
}

/** Where a key of the config in a JSON file stands, or the value where the last is an index. */
export function placeInJson(path: string, keys: readonly (string | number)[]): Partial<Place> {
  const text = readText(path);
  // JSON is YAML, and this reader keeps places.
  let node: unknown = parseDocument(text, { uniqueKeys: false }).contents;
  let at: unknown = node;
  for (const key of basename(path) === "package.json" ? ["gen-stubs", ...keys] : keys) {
    if (isMap(node)) {
      // JSON takes the last of several.
      const pair = node.items.findLast((item) => isScalar(item.key) && item.key.value === key);
      at = pair?.key;
      node = pair?.value;
    } else {
      node = isSeq(node) && typeof key === "number" ? node.items[key] : undefined;
      at = node;
    }
  }
  return isNode(at) && at.range ? placeAt(text, at.range[0]) : {};
}

/** Without the byte order mark that some editors write. */
function readText(path: string): string {
  return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
}
