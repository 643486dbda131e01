import type { SourceFile } from "../../model/file-model.js";
import type { TsProtoOptions } from "./options.js";
import { beside, byDefault, never } from "./unusable.js";

/** With this one `encode` compiles, and returns the message, as far as types go. */
const takenForWriter = "BinaryWriter";

/**
 * Whether ts-proto's file compiles with a message of that name in it. It exports names as they are, though it uses some of
 * them itself: always, beside what some import brings, or beside fields of some kind, which is not looked into.
 */
export function usability(name: string, source: SourceFile, options: TsProtoOptions): "yes" | "perhaps" | "no" {
  if (never.has(name) || name === takenForWriter) return "no";
  if (byDefault.has(name)) return options.leavesOut ? "perhaps" : "no";
  const places = Object.keys(beside).filter((place) => beside[place]?.includes(name));
  if (places.some((place) => source.imports.includes(place))) return "no";
  return places.some((place) => !place.endsWith(".proto")) ? "perhaps" : "yes";
}
