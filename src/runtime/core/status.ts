/** gRPC's codes by their names, from https://github.com/grpc/grpc/blob/master/doc/statuscodes.md. */
const CODES = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/** The names and numbers of the codes. */
type Codes = typeof CODES;

/** A gRPC status code, 0 to 16. */
export type status = Codes[keyof Codes];

/** Codes by name and names by code, as grpc-js's `status` has them: `status.NOT_FOUND` is 5, `status[5]` is "NOT_FOUND". */
type StatusTable = Codes & { readonly [Name in keyof Codes as Codes[Name]]: Name };

/**
 * The status codes of gRPC.
 * @see https://github.com/grpc/grpc/blob/master/doc/statuscodes.md
 */
export const status: StatusTable = Object.freeze<object>(
  Object.assign(Object.fromEntries(Object.entries(CODES).map(([name, code]) => [code, name])), CODES),
) as StatusTable; // fromEntries has no type for names by number

/** Whether a value is one of the seventeen codes. */
export function isStatusCode(value: unknown): value is status {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 16;
}
