import { isSensitive } from "../hpack/sensitive.js";
import { isMadeOf, nameCharacters, shown } from "./characters.js";

/**
 * The pairs that passed last, by their position: calls have the same ones again and again, and tables hand out the same strings, so
 * that mostly nothing is left to do but two comparisons. No secrets, nothing long.
 */
const rememberedPositions = 32;
const passedNames = new Array<string | undefined>(rememberedPositions).fill(undefined);
const passedValues = new Array<string | undefined>(rememberedPositions).fill(undefined);
const rememberedLength = 128;

/**
 * What is wrong with the fields from `start` on, which is where the pseudo-headers end; undefined where nothing is.
 * {@link https://www.rfc-editor.org/rfc/rfc9113#section-8.2 | RFC 9113, 8.2}.
 */
export function fieldFault(headers: readonly string[], start: number): string | undefined {
  let hasContentLength = false;
  for (let i = start; i < headers.length; i += 2) {
    const name = headers[i]!;
    const value = headers[i + 1]!;
    const position = i >> 1;
    if (passedNames[position] === name && passedValues[position] === value) continue;
    if (name.length === 0 || !isMadeOf(nameCharacters, name)) return nameFault(name);
    if (!isValue(value)) return valueFault(name);
    // The names with rules of their own, told by their length first.
    switch (name.length) {
      case 2:
        // https://www.rfc-editor.org/rfc/rfc9113#section-8.2.2
        if (name === "te" && value !== "trailers" && value.toLowerCase() !== "trailers") return "te is not trailers";
        break;
      case 7:
      case 10:
      case 16:
      case 17:
        if (isConnectionSpecific(name)) return `the connection-specific header ${name}`;
        break;
      case 14:
        if (name !== "content-length") break;
        // https://www.rfc-editor.org/rfc/rfc9110#section-8.6
        if (hasContentLength) return "content-length twice";
        if (!isContentLength(value)) return "content-length is no number";
        hasContentLength = true;
        // Is counted every time.
        continue;
    }
    if (position < rememberedPositions && value.length <= rememberedLength && !isSensitive(name)) {
      passedNames[position] = name;
      passedValues[position] = value;
    }
  }
  return undefined;
}

/** Up to here a loop beats three searches. */
const shortValue = 48;

/**
 * Whether a value has none of the characters that {@link https://www.rfc-editor.org/rfc/rfc9113#section-8.2.1 | RFC 9113, 8.2.1}
 * forbids: NUL, LF and CR, and space and tab at its ends.
 */
function isValue(value: string): boolean {
  const { length } = value;
  if (length === 0) return true;
  if (isSpace(value.charCodeAt(0)) || isSpace(value.charCodeAt(length - 1))) return false;
  if (length > shortValue) return !value.includes("\n") && !value.includes("\r") && !value.includes("\0");
  for (let i = 0; i < length; i++) {
    const code = value.charCodeAt(i);
    if (code <= 0x0d && (code === 0 || code === 0x0a || code === 0x0d)) return false;
  }
  return true;
}

function valueFault(name: string): string {
  return `a forbidden character in the value of ${shown(name)}`;
}

/** Headers of HTTP/1.1 that are about the connection ({@link https://www.rfc-editor.org/rfc/rfc9113#section-8.2.2 | RFC 9113, 8.2.2}). */
function isConnectionSpecific(name: string): boolean {
  return (
    name === "connection" ||
    name === "keep-alive" ||
    name === "transfer-encoding" ||
    name === "upgrade" ||
    name === "proxy-connection"
  );
}

function nameFault(name: string): string {
  if (name.length === 0) return "an empty header name";
  // https://www.rfc-editor.org/rfc/rfc9113#section-8.3
  if (name.startsWith(":")) return `the pseudo-header ${shown(name)} where none may be`;
  if (/[A-Z]/.test(name)) return `the header name ${shown(name)} is not in lower case`;
  return `a forbidden character in the header name ${shown(name)}`;
}

/** Digits, as many as a number holds exactly. */
function isContentLength(value: string): boolean {
  return /^\d{1,15}$/.test(value);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
