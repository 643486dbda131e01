/**
 * Reads where a WebSocket goes: `wss://host/path`, `ws://…`, the same with `https:` and `http:`, or a path alone within a page.
 *
 * @throws TypeError that names the target and what is wrong with it
 */
export function parseWebSocketUrl(target: string | URL): URL {
  const page = (globalThis as { location?: { href?: string } }).location?.href; // only in pages and their workers
  const text = String(target);
  const base = page !== undefined && /^[a-z]+:\/\//.test(page) ? page : undefined;
  if (!URL.canParse(text, base)) {
    throw bad(text, text.startsWith("/") ? "a path alone has a meaning in a page only" : "it is no URL");
  }
  const url = new URL(text, base);
  url.protocol = url.protocol.replace(/^http/, "ws");
  if (url.protocol !== "ws:" && url.protocol !== "wss:") throw bad(text, `unknown scheme "${url.protocol}"`);
  if (url.username !== "" || url.password !== "") throw bad(text, "user and password cannot be part of it");
  if (url.hash !== "") throw bad(text, "a fragment has no meaning in it");
  return url;
}

function bad(target: string, reason: string): TypeError {
  return new TypeError(`cannot connect to "${target}": ${reason}; expected wss://host/path or ws://host/path`);
}
