import { fromBase64, toBase64 } from "../../core/bytes.js";
import { DETAILS_KEY, type PackedDetail, packDetails, packedDetails } from "../../core/error-details.js";
import { Metadata } from "../../core/metadata.js";
import type { StatusObject } from "../../core/rpc-error.js";
import type { status } from "../../core/status.js";
import * as Code from "../../core/status-code.js";
import { codeOfConnectName, connectCodeName } from "./codes.js";

/** An error as Connect writes it (Connect protocol reference, "Error"). */
export interface ConnectErrorJson {
  readonly code: string;
  readonly message?: string;
  /** `type` is the full name of a message type, `value` the message as base64 without padding. */
  readonly details?: readonly { readonly type: string; readonly value: string }[];
}

/** The error of a status that is not OK; its details come from `grpc-status-details-bin`. */
export function errorToJson({ code, details, metadata }: StatusObject): ConnectErrorJson {
  const packed = metadata.size === 0 ? [] : packedDetails(metadata);
  return {
    code: connectCodeName(code),
    ...(details === "" ? {} : { message: details }),
    ...(packed.length === 0
      ? {}
      : { details: packed.map(({ typeName, value }) => ({ type: typeName, value: toBase64(value) })) }),
  };
}

/** Half a pair, which JSON can escape and UTF-8 has no bytes for: such a text could not be sent on. */
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * The status of an error that came. Its metadata has the details, and nothing else; a code that is none is `fallback`.
 *
 * @param given what `JSON.parse` made of it
 */
export function errorFromJson(given: unknown, fallback: status): StatusObject {
  const json = isObject(given) ? given : {};
  const code = codeOfConnectName(json["code"]) ?? fallback;
  const details = typeof json["message"] === "string" ? json["message"].replace(LONE_SURROGATE, "\ufffd") : "";
  const metadata = new Metadata();
  const packed = detailsOf(json["details"]);
  if (packed.length > 0) metadata.set(DETAILS_KEY, packDetails(code, details, packed));
  return { code: code === Code.OK ? Code.UNKNOWN : code, details, metadata };
}

function detailsOf(given: unknown): PackedDetail[] {
  if (!Array.isArray(given)) return [];
  const packed: PackedDetail[] = [];
  for (const one of given as unknown[]) {
    if (!isObject(one) || typeof one["type"] !== "string" || typeof one["value"] !== "string") continue;
    // Older servers write a type URL.
    packed.push({ typeName: one["type"].replace(/^.*\//, ""), value: fromBase64(one["value"]) });
  }
  return packed;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
