import { type StatusObject, statusObject } from "../../core/rpc-error.js";
import { status } from "../../core/status.js";
import { PREFIX_BYTES, putPrefix } from "../../wire/message-prefix.js";
import { headersSize } from "../../wire/metadata-headers.js";
import { EnvelopedBody, type EnvelopeReceiver } from "./enveloped-body.js";
import type { ResponseBody } from "./response-body.js";
import type { HttpHead, ResponseHead } from "./response-head.js";
import { WholeBody } from "./whole-body.js";

/** What is said of a response whose body is to be read. */
export type BodyHead = Exclude<ResponseHead, { kind: "over" }>;

/** What fetch tells of a response before its body. */
export function headOf(response: Response): HttpHead {
  const headers: string[] = [];
  response.headers.forEach((value, name) => void headers.push(name.toLowerCase(), value));
  return { httpStatus: response.status, headers };
}

/** Why a response is not read, whatever the protocol: for the size of its headers, or for leading elsewhere. */
export function responseFault(
  { type }: Response,
  { headers }: HttpHead,
  maxMetadataBytes: number,
): StatusObject | undefined {
  const size = headersSize(headers);
  if (size > maxMetadataBytes) {
    const details = `the server sent ${size} bytes of metadata; the limit is ${maxMetadataBytes} bytes (maxMetadataBytes)`;
    return statusObject(status.RESOURCE_EXHAUSTED, details);
  }
  if (type !== "opaqueredirect") return undefined;
  return statusObject(status.UNKNOWN, "the server redirects, which a call does not follow");
}

/** What takes the body that follows such a head; its messages go to the receiver. */
export function bodyOf(head: BodyHead, receiver: EnvelopeReceiver): ResponseBody {
  switch (head.kind) {
    case "enveloped":
      return new EnvelopedBody(head, receiver);
    case "error":
      return new WholeBody(receiver.maxReceiveMessageBytes, 0, head.statusOfBody);
    case "message":
      return new WholeBody(receiver.maxReceiveMessageBytes, PREFIX_BYTES, (bytes) => {
        putPrefix(bytes, 0, 0, bytes.length - PREFIX_BYTES);
        receiver.onEnvelopes(bytes, 0, bytes.length);
        return { code: status.OK, details: "", metadata: head.trailer };
      });
  }
}
