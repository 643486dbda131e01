const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** From here on a call into the platform beats a loop. */
const longText = 128;

/** Makes a string of bytes, one character each. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  if (end - start >= longText) {
    const text = decoder.decode(bytes.subarray(start, end));
    // UTF-8 is the same where all is ASCII; else it is shorter, or has U+FFFD where it is malformed.
    if (text.length === end - start && !text.includes("\ufffd")) return text;
  }
  let text = "";
  let at = start;
  // The engine makes a string of many character codes at once, and joins few strings.
  for (; end - at >= 16; at += 16) {
    text += String.fromCharCode(
      bytes[at]!,
      bytes[at + 1]!,
      bytes[at + 2]!,
      bytes[at + 3]!,
      bytes[at + 4]!,
      bytes[at + 5]!,
      bytes[at + 6]!,
      bytes[at + 7]!,
      bytes[at + 8]!,
      bytes[at + 9]!,
      bytes[at + 10]!,
      bytes[at + 11]!,
      bytes[at + 12]!,
      bytes[at + 13]!,
      bytes[at + 14]!,
      bytes[at + 15]!,
    );
  }
  for (; end - at >= 4; at += 4) {
    text += String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!);
  }
  for (; at < end; at++) text += String.fromCharCode(bytes[at]!);
  return text;
}

/**
 * Writes the string, one byte a character, and returns the position behind it; -1 where it has a character over 0xff. The room
 * must be there.
 */
export function writeText(text: string, bytes: Uint8Array, position: number): number {
  const { length } = text;
  if (length >= longText) {
    // A character that is not ASCII takes more than one byte: then there is not room for all.
    const { read } = encoder.encodeInto(text, bytes.subarray(position, position + length));
    if (read === length) return position + length;
  }
  let all = 0;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    all |= code;
    bytes[position + i] = code;
  }
  return all > 0xff ? -1 : position + length;
}
