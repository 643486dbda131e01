import type { status } from "../../core/status.js";

interface ConnectCode {
  readonly name: string;
  /** The HTTP status of a unary answer that ends with it. */
  readonly http: number;
}

/** Connect protocol reference, "Error Codes": by gRPC's number, 1 to 16. */
const CODES: readonly ConnectCode[] = [
  { name: "ok", http: 200 },
  { name: "canceled", http: 499 },
  { name: "unknown", http: 500 },
  { name: "invalid_argument", http: 400 },
  { name: "deadline_exceeded", http: 504 },
  { name: "not_found", http: 404 },
  { name: "already_exists", http: 409 },
  { name: "permission_denied", http: 403 },
  { name: "resource_exhausted", http: 429 },
  { name: "failed_precondition", http: 400 },
  { name: "aborted", http: 409 },
  { name: "out_of_range", http: 400 },
  { name: "unimplemented", http: 501 },
  { name: "internal", http: 500 },
  { name: "unavailable", http: 503 },
  { name: "data_loss", http: 500 },
  { name: "unauthenticated", http: 401 },
];

/** A code's name in the JSON of an error: `not_found`. */
export function connectCodeName(code: status): string {
  return CODES[code]!.name; // one of the seventeen
}

/** The code of a name; undefined for a name that is none, and for `ok`, which no error has. */
export function codeOfConnectName(name: unknown): status | undefined {
  const code = CODES.findIndex((one) => one.name === name);
  return code > 0 ? (code as status) : undefined; // the table has one line a code
}

/** The HTTP status of a unary answer that ends with this code. */
export function httpOfConnectCode(code: status): number {
  return CODES[code]!.http; // as above
}
