import { printable } from "../../text/printable.js";

/** JSON for programs that a terminal only shows: it has its own escapes for C0, and gets them for DEL and C1 too. The data are the same. */
export function jsonText(value: unknown): string {
  return `${printable(JSON.stringify(value, null, 2), "lines")}\n`;
}
