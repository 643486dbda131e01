/**
 * Why a page may not connect; undefined where it may. A browser says with every WebSocket which page it is for (`Origin`, RFC 6455,
 * section 10.2), and sends the cookies of the server along, whoever's page it is: nothing else keeps other pages out. What is no
 * browser sends no Origin, and could send any.
 *
 * @param allowed the origins that may, as `https://app.example.com`; `*` for every one. Undefined: pages of the same host and port
 */
export function originFault(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[] | undefined,
): string | undefined {
  if (origin === undefined) return undefined;
  if (allowed === undefined) {
    if (URL.canParse(origin) && isSameHost(new URL(origin), host)) return undefined;
    return `pages of ${origin} may not connect: they are not of this host, and no origins are allowed`;
  }
  if (allowed.includes("*") || allowed.some((one) => one.toLowerCase() === origin.toLowerCase())) return undefined;
  return `pages of ${origin} may not connect`;
}

/** Whether a Host header names the host and the port of an origin; neither needs to write the scheme's own port. */
function isSameHost(origin: URL, host = ""): boolean {
  const named = `${origin.protocol}//${host}`;
  return host !== "" && URL.canParse(named) && new URL(named).host === origin.host;
}

/** @throws TypeError for what no browser would ever send as its Origin */
export function checkOrigins(origins: readonly string[] | undefined): void {
  for (const one of origins ?? []) {
    if (one === "*" || one === "null") continue;
    if (!one.includes("*") && URL.canParse(one) && (new URL(one).origin === one.toLowerCase() || isOpaque(one)))
      continue;
    throw new TypeError(
      `origins: "${one}" is no origin; write scheme and host alone, as https://app.example.com, or "*" for every page`,
    );
  }
}

/** Schemes of apps and extensions, whose origin the URL standard calls null: `chrome-extension://…`, `capacitor://localhost`. */
function isOpaque(origin: string): boolean {
  return /^[a-z][a-z\d+.-]*:\/\/[^/?#]+$/.test(origin) && new URL(origin).origin === "null";
}
