/**
 * The first header that the platform's fetch leaves out, as browsers do with some names (`cookie`, `origin`, `sec-…`); undefined where
 * it sends them all.
 * @see https://fetch.spec.whatwg.org/#forbidden-request-header
 */
export function refusedHeader(headers: readonly string[]): string | undefined {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) pairs.push([headers[at]!, headers[at + 1]!]);
  const taken = new Request("http://localhost", { headers: pairs }).headers;
  return pairs.find(([name]) => !taken.has(name))?.[0];
}
