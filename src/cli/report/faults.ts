import type { Fault } from "../../errors/gen-stubs-error.js";
import { printable } from "../../text/printable.js";
import { shownFault } from "./shown.js";
import type { Style } from "./style.js";

/** A fault as text: where, code and message, the source line with a caret, what to do. */
export function faultText(given: Fault, style: Style): string {
  const fault = shownFault(given);
  const where = [fault.file, fault.line, fault.column].filter((part) => part !== undefined).join(":");
  const lines = [
    `${where === "" ? "" : `${style("bold", where)}: `}${style("red", "error")} ${style("dim", fault.code)}: ${fault.message}`,
  ];
  if (fault.source !== undefined && fault.line !== undefined && fault.column !== undefined) {
    lines.push(...excerpt(fault.source, fault.line, fault.column, style));
  }
  if (fault.hint !== undefined) lines.push(`  ${style("cyan", "→")} ${fault.hint}`);
  return lines.join("\n");
}

const widest = 120;

/** The source line with a caret below the column, which counts bytes, with tabs reaching to multiples of 8. */
function excerpt(source: string, line: number, column: number, style: Style): readonly string[] {
  let text = "";
  let counted = 0;
  let caret = 0;
  for (const char of source.replace(/^\uFEFF/, "")) {
    if (counted < column - 1) caret = text.length + 1;
    if (char === "\t") {
      const width = 8 - (counted % 8);
      if (counted < column - 1) caret = text.length + width;
      text += " ".repeat(width);
      counted += width;
    } else {
      text += printable(char) === char ? char : "?";
      counted += Buffer.byteLength(char);
    }
  }
  caret = Math.min(caret, text.length);
  // Very long lines: the part around the caret.
  const from = caret > widest - 20 ? caret - widest / 2 : 0;
  const margin = String(line).length;
  return [
    `  ${style("dim", `${line} |`)} ${text.slice(from, from + widest)}`,
    `  ${" ".repeat(margin)} ${style("dim", "|")} ${" ".repeat(caret - from)}${style("red", "^")}`,
  ];
}
