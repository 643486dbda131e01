import type { ServerResponse } from "node:http";
import type { Headers } from "../exchange.js";
import type { NodeResponse } from "./messages.js";

/** Gives a response its status and headers; they leave with what follows. */
export type PutHead = (response: NodeResponse, httpStatus: number, headers: Headers) => void;

/** For a response that other code may have set headers of, or wait for: frameworks and their middleware. */
export function setHead(response: NodeResponse, httpStatus: number, headers: Headers): void {
  response.statusCode = httpStatus;
  // Both kinds of response have the same method, with types of their own.
  const target = response as ServerResponse;
  for (const [name, value] of grouped(headers)) target.setHeader(name, value);
}

/**
 * For a response of HTTP/1.1 that no other code has seen: setting all headers at once costs less. Not for others: some middleware replaces
 * `writeHead` and does not expect a flat list, and where headers were set before, Node 20 keeps only the last value of each name.
 *
 * @see https://nodejs.org/api/http.html#responsewriteheadstatuscode-statusmessage-headers
 */
export function writeHead(response: NodeResponse, httpStatus: number, headers: Headers): void {
  // As in `setHead`; a flat list, names and values, is taken as it is. It is only read.
  (response as ServerResponse).writeHead(httpStatus, headers as string[]);
}

/** Values by name: a header that comes several times is one with several values. */
export function grouped(headers: Headers): Map<string, string | string[]> {
  const values = new Map<string, string | string[]>();
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const [name, value] = [headers[at]!, headers[at + 1]!];
    const before = values.get(name);
    values.set(name, before === undefined ? value : [before, value].flat());
  }
  return values;
}
