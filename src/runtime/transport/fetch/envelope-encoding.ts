import { type StatusObject, statusObject } from "../../core/rpc-error.js";
import { status } from "../../core/status.js";
import { takesWebEncoding } from "../../platform/web/compression-streams.js";
import { parseEncoding } from "../../wire/compression.js";
import { type HeaderList, headerValue } from "../../wire/metadata-headers.js";
import type { Compression } from "../transport.js";

/** The encoding of an answer's messages, by the header of that name; a fault where it cannot be read here. */
export function envelopeEncoding(headers: HeaderList, name: string): Compression | StatusObject {
  const named = headerValue(headers, name);
  const encoding = parseEncoding(named);
  if (encoding !== undefined && takesWebEncoding(encoding)) return encoding;
  return statusObject(status.INTERNAL, `the server answers in an unknown ${name}: ${named}`);
}
