import type { HeaderList } from "../streams/stream.js";

/** Whether a list is an interim response (RFC 9110, section 15.2). */
export function isInterim(headers: HeaderList): boolean {
  const status = headers[0] === ":status" ? headers[1]! : "";
  return status.length === 3 && status.charCodeAt(0) === 0x31 && status !== "101";
}

/** What content-length announces; -1 where it is not there. Lists are valid here, so there is one value at most. */
export function contentLength(headers: HeaderList): number {
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i] === "content-length") return Number(headers[i + 1]);
  }
  return -1;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
const VALUE = /^(?:[^\0\r\n\t ](?:[^\0\r\n]*[^\0\r\n\t ])?)?$/;
const CONNECTION = new Set(["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"]);

/** RFC 9113, sections 8.2 and 8.3 */
function fields(headers: HeaderList, from: number): boolean {
  let length = -1;
  for (let i = from; i < headers.length; i += 2) {
    const name = headers[i]!;
    const value = headers[i + 1]!;
    if (!TOKEN.test(name) || !VALUE.test(value) || CONNECTION.has(name)) return false;
    if (name === "te" && value !== "trailers") return false;
    if (name === "content-length") {
      if (!/^[0-9]{1,15}$/.test(value) || (length >= 0 && Number(value) !== length)) return false;
      length = Number(value);
    }
  }
  return true;
}

export function validTrailers(headers: HeaderList): boolean {
  return fields(headers, 0);
}

export function validResponse(headers: HeaderList): boolean {
  return (
    headers[0] === ":status" && /^[1-9][0-9][0-9]$/.test(headers[1]!) && headers[1] !== "101" && fields(headers, 2)
  );
}

export function validRequest(headers: HeaderList, extendedConnect: boolean): boolean {
  const pseudo = new Map<string, string>();
  let i = 0;
  for (; i < headers.length && headers[i]!.charCodeAt(0) === 0x3a; i += 2) {
    if (pseudo.has(headers[i]!)) return false;
    if (!VALUE.test(headers[i + 1]!)) return false;
    pseudo.set(headers[i]!, headers[i + 1]!);
  }
  for (const name of pseudo.keys()) {
    if (![":method", ":scheme", ":path", ":authority", ":protocol"].includes(name)) return false;
  }
  const method = pseudo.get(":method");
  if (method === undefined) return false;
  if (pseudo.has(":protocol")) {
    if (!extendedConnect || method !== "CONNECT") return false;
  } else if (method === "CONNECT") {
    return !pseudo.has(":scheme") && !pseudo.has(":path") && pseudo.has(":authority") && fields(headers, i);
  }
  return (pseudo.get(":path") ?? "") !== "" && (pseudo.get(":scheme") ?? "") !== "" && fields(headers, i);
}
