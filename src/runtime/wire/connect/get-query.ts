import { fromBase64, toBase64 } from "../../core/bytes.js";
import type { MessageFormat } from "./content-type.js";

/** A unary call of a method without side effects, as the query of a GET request (Connect protocol reference, "Unary-Get-Request"). */
export interface GetQuery {
  readonly format: MessageFormat;
  /** The message, compressed if `compression` says so. */
  readonly message: Uint8Array;
  /** Undefined where the query has none: identity. */
  readonly compression: string | undefined;
}

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

/** The query, without the `?`. JSON travels as it is, everything else as URL-safe base64. */
export function formatGetQuery({ format, message, compression }: GetQuery): string {
  const text = format === "json" && compression === undefined;
  const query = ["connect=v1", `encoding=${format}`];
  if (compression !== undefined) query.push(`compression=${encodeURIComponent(compression)}`);
  if (text) query.push(`message=${encodeURIComponent(fromUtf8.decode(message))}`);
  else query.push("base64=1", `message=${toBase64(message).replaceAll("+", "-").replaceAll("/", "_")}`);
  return query.join("&");
}

/** Reads a query, without the `?`; a text that says what is wrong with it, where it is none. */
export function parseGetQuery(query: string): GetQuery | string {
  const given = new URLSearchParams(query);
  const version = given.get("connect");
  if (version !== null && version !== "v1") return `the query asks for connect=${version}; this server speaks v1`;
  const format = given.get("encoding");
  if (format === null) return "the query has no encoding; it takes proto or json";
  if (format !== "proto" && format !== "json")
    return `unknown encoding "${format}" in the query; it takes proto or json`;
  const text = given.get("message");
  if (text === null) return "the query has no message";
  const base64 = given.get("base64");
  if (base64 !== null && base64 !== "1") return `base64=${base64} in the query; it takes 1`;
  const message = base64 === null ? utf8.encode(text) : fromBase64(text);
  return { format, message, compression: given.get("compression") ?? undefined };
}
