import { status } from "../../core/status.js";
import { arrayAt, badValue } from "./json-reader.js";

/** Seconds that `google.protobuf.Duration` can hold. */
const MAX_SECONDS = 315_576_000_000;
const DURATION = 'it must be a duration in seconds, such as "0.25s"';

/**
 * A duration in ProtoJSON, as milliseconds. Digits are needed on one side of the point only, as grpc-go takes it.
 * @see https://protobuf.dev/reference/protobuf/google.protobuf/#duration
 */
export function durationAt(value: unknown, path: string, least: "zero" | "more than zero"): number {
  const match = typeof value === "string" ? /^(-?)(\d*)(?:\.(\d{0,9}))?s$/.exec(value) : null;
  const [, sign, whole = "", fraction = ""] = match ?? [];
  if (match === null || whole + fraction === "") throw badValue(path, value, DURATION);
  const seconds = Number(`${whole || "0"}.${fraction || "0"}`);
  if (seconds > MAX_SECONDS) throw badValue(path, value, `it must be at most ${MAX_SECONDS} seconds`);
  if (least === "more than zero" && seconds === 0) throw badValue(path, value, "it must be more than 0");
  if (sign === "-" && seconds > 0) throw badValue(path, value, "it must not be negative");
  return seconds * 1000;
}

/** Status codes, by names in any case or by numbers. OK is no failure, and has no meaning here. */
export function statusCodesAt(value: unknown, path: string): ReadonlySet<status> {
  const codes = new Set<status>();
  for (const [index, one] of arrayAt(value, path).entries()) {
    const code = codeOf(one);
    if (code === undefined) throw badValue(`${path}[${index}]`, one, "it must be a status code, by name or number");
    if (code === status.OK) throw badValue(`${path}[${index}]`, one, "OK is no failure");
    codes.add(code);
  }
  return codes;
}

/** A limit of bytes: a `google.protobuf.UInt32Value`, which ProtoJSON takes as a text too. */
export function bytesAt(value: unknown, path: string): number {
  const bytes = typeof value === "string" && /^\d{1,10}$/.test(value) ? Number(value) : value;
  if (typeof bytes === "number" && Number.isInteger(bytes) && bytes >= 0 && bytes <= 0xffff_ffff) return bytes;
  throw badValue(path, value, "it must be a whole number of bytes from 0 to 4294967295");
}

/** A number above zero. */
export function positiveAt(value: unknown, path: string): number {
  if (typeof value === "number" && Number.isFinite(value) && value > 0) return value;
  throw badValue(path, value, "it must be a number above 0");
}

/** A whole number within bounds. */
export function wholeAt(value: unknown, path: string, least: number, most: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  const range = most === Number.POSITIVE_INFINITY ? `${least} or more` : `from ${least} to ${most}`;
  throw badValue(path, value, `it must be a whole number, ${range}`);
}

function codeOf(given: unknown): status | undefined {
  const key = typeof given === "string" ? given.toUpperCase() : given;
  for (let code = 0; code <= 16; code++) {
    const known = code as status; // the codes are 0 to 16
    if (key === known || key === status[known]) return known;
  }
  return undefined;
}
