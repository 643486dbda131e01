/** A table of the characters 0 to 0xff; 1 where `allowed` has the character. */
function tableOf(allowed: (code: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => (allowed(code) ? 1 : 0));
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isLower = (code: number): boolean => code >= 0x61 && code <= 0x7a;
const isUpper = (code: number): boolean => code >= 0x41 && code <= 0x5a;
const isIn = (characters: string, code: number): boolean => characters.includes(String.fromCharCode(code));
const tokenSigns = "!#$%&'*+-.^_`|~";

/** Names of fields: a token ({@link https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 | RFC 9110, 5.6.2}) in lower case. */
export const nameCharacters: Uint8Array = /* @__PURE__ */ tableOf(
  (code) => isLower(code) || isDigit(code) || isIn(tokenSigns, code),
);

/** Methods: a token. */
export const tokenCharacters: Uint8Array = /* @__PURE__ */ tableOf(
  (code) => isLower(code) || isUpper(code) || isDigit(code) || isIn(tokenSigns, code),
);

/** Schemes ({@link https://www.rfc-editor.org/rfc/rfc3986#section-3.1 | RFC 3986, 3.1}). */
export const schemeCharacters: Uint8Array = /* @__PURE__ */ tableOf(
  (code) => isLower(code) || isUpper(code) || isDigit(code) || isIn("+-.", code),
);

/** Paths and authorities: no control character and no space. */
export const targetCharacters: Uint8Array = /* @__PURE__ */ tableOf((code) => code > 0x20 && code !== 0x7f);

/** Whether the text is of these characters alone. */
export function isMadeOf(characters: Uint8Array, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (characters[text.charCodeAt(i)] !== 1) return false;
  return true;
}

/** A name as an error text shows it: quoted, escaped, and cut off where it is long. Values are never shown: they may be secrets. */
export function shown(name: string): string {
  return JSON.stringify(name.length > 64 ? `${name.slice(0, 64)}…` : name);
}
