/** Makes a string of bytes, one character each. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
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

/** Writes the string, one byte a character, and returns the position behind it. The room must be there. */
export function writeText(text: string, bytes: Uint8Array, position: number): number {
  for (let i = 0; i < text.length; i++) bytes[position + i] = text.charCodeAt(i);
  return position + text.length;
}
