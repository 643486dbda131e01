import { readFileSync } from "node:fs";
import { extname } from "node:path";
import type { Place } from "../../text/place.js";
import { placeInJson } from "./json-config.js";
import { placeInScript } from "./script-place.js";

/** Where a key of a config file stands, or the value where the last is an index; nothing where that cannot be told. */
export function placeInConfig(path: string, keys: readonly (string | number)[]): Partial<Place> {
  if (keys.length === 0) return {};
  return extname(path) === ".json" ? placeInJson(path, keys) : placeInScript(readFileSync(path, "utf8"), keys);
}
