import { printable } from "../text/printable.js";

/**
 * Quotes a word for the user's shell: a POSIX one, or on Windows cmd and PowerShell alike.
 *
 * @param platform as `process.platform`
 */
export function shellQuote(word: string, platform: NodeJS.Platform): string {
  if (platform === "win32") {
    // A backslash is part of paths there, and needs no quotes.
    if (/^[\w@+=:./\\-]+$/.test(word)) return word;
    // Programs take backslashes before a quote for escapes (CommandLineToArgvW).
    return `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1")}"`;
  }
  // $'…', of POSIX 2024 and of bash, zsh and ksh long before, has escapes: what is printed can be copied.
  if (printable(word) !== word) return `$'${printable(word.replace(/[\\']/g, "\\$&"))}'`;
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
